export interface LambdaAction {
  readonly action: string;
  readonly functionName?: string;
  readonly mappingId?: string;
}

/** Lambda's REST calls, as far as Terraform makes them (AWS: "Lambda API reference"), the more exact paths first. */
const ROUTES: readonly (readonly [method: string, path: RegExp, action: string])[] = [
  ['GET', /\/functions\/(?<name>[^/]+)\/versions$/, 'ListVersionsByFunction'],
  ['GET', /\/functions\/(?<name>[^/]+)\/configuration$/, 'GetFunctionConfiguration'],
  ['PUT', /\/functions\/(?<name>[^/]+)\/configuration$/, 'UpdateFunctionConfiguration'],
  ['PUT', /\/functions\/(?<name>[^/]+)\/code$/, 'UpdateFunctionCode'],
  ['GET', /\/functions\/(?<name>[^/]+)\/code-signing-config$/, 'GetFunctionCodeSigningConfig'],
  ['GET', /\/functions\/(?<name>[^/]+)\/policy$/, 'GetPolicy'],
  ['POST', /\/functions\/(?<name>[^/]+)\/policy$/, 'AddPermission'],
  ['DELETE', /\/functions\/(?<name>[^/]+)\/policy\/[^/]+$/, 'RemovePermission'],
  ['GET', /\/functions\/(?<name>[^/]+)$/, 'GetFunction'],
  ['DELETE', /\/functions\/(?<name>[^/]+)$/, 'DeleteFunction'],
  ['POST', /\/functions$/, 'CreateFunction'],
  ['POST', /\/event-source-mappings$/, 'CreateEventSourceMapping'],
  ['GET', /\/event-source-mappings\/(?<mapping>[^/]+)$/, 'GetEventSourceMapping'],
  ['PUT', /\/event-source-mappings\/(?<mapping>[^/]+)$/, 'UpdateEventSourceMapping'],
  ['DELETE', /\/event-source-mappings\/(?<mapping>[^/]+)$/, 'DeleteEventSourceMapping'],
  ['GET', /\/tags\/[^/]*event-source-mapping(?::|%3A)(?<mapping>[^/]+)$/, 'ListTags'],
  ['GET', /\/tags\/(?<name>[^/]+)$/, 'ListTags'],
];

/** @throws Error for a call that isn't in the list: it would go unproven */
export function lambdaAction(method: string, path: string): LambdaAction {
  const trimmed = path.replace(/\/$/, '');
  for (const [routeMethod, pattern, action] of ROUTES) {
    const groups = method === routeMethod ? pattern.exec(trimmed)?.groups : undefined;
    if (groups !== undefined || (method === routeMethod && pattern.test(trimmed))) {
      const { name, mapping } = groups ?? {};
      return {
        action,
        ...(name === undefined ? {} : { functionName: decodeURIComponent(name) }),
        ...(mapping === undefined ? {} : { mappingId: mapping }),
      };
    }
  }
  throw new Error(`no IAM action is known for Lambda's ${method} ${path}`);
}

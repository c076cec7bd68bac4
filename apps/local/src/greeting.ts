import type { ApiDescription, NotHonoured, StackDescription } from '@dofs/local-aws/stack-description';
import { defaultDataDir } from './options.ts';

export interface Endpoints {
  readonly pid: number;
  readonly environment: string;
  readonly region: string;
  readonly apiUrl: string;
  readonly awsEndpoint: string;
  /** The Terraform outputs, as `terraform output` would show them. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What a request to the API must carry, as curl's options: an API key, or a signature with any credentials. */
export function accessOptions(apis: readonly ApiDescription[], region: string): string {
  const keys = apis.flatMap(({ apiKeys }) => apiKeys);
  const methods = apis.flatMap((api) => api.methods);
  const [key] = methods.some(({ apiKeyRequired }) => apiKeyRequired) ? keys : [];
  const isSigned = methods.some(({ authorization }) => authorization === 'AWS_IAM');
  return [
    ...(key === undefined ? [] : [` -H 'x-api-key: ${key}'`]),
    ...(isSigned ? [` --aws-sigv4 aws:amz:${region}:execute-api --user local:local`] : []),
  ].join('');
}

/** What `npm start` prints once the system answers. */
export function greeting(
  endpoints: Endpoints,
  { notHonoured, apis }: Pick<StackDescription, 'notHonoured' | 'apis'>,
  dataDir: string | undefined,
): string {
  const kept = dataDir === undefined ? 'nothing is kept (--ephemeral)' : `state is kept in ${dataDir}`;
  return [
    '',
    `DOFS ${endpoints.environment} is running; ${kept}. Ctrl-C stops it.`,
    '',
    `  API           ${endpoints.apiUrl}`,
    `  AWS endpoint  ${endpoints.awsEndpoint}`,
    '',
    'Send an order:',
    '',
    `  curl -X POST ${endpoints.apiUrl}/order -H 'Content-Type: application/json'${accessOptions(apis, endpoints.region)} \\`,
    `    -d '{"customer_id":"cust-12345","items":[{"product_id":"prod-widget-001","quantity":2}]}'`,
    '',
    'Look at it with the AWS CLI (any credentials will do):',
    '',
    `  export AWS_ENDPOINT_URL=${endpoints.awsEndpoint} AWS_REGION=${endpoints.region} AWS_DEFAULT_REGION=${endpoints.region} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local`,
    `  aws dynamodb scan --table-name ${String(endpoints.outputs['orders_table_name'])} --select COUNT`,
    '',
    'Operate and test it:',
    '',
    `  npx dofs${targetOptions(endpoints, dataDir)} status`,
    '',
    ...notHonouredLines(notHonoured),
  ].join('\n');
}

/** What leads `dofs` to this system: nothing where it is dev in its own place. */
function targetOptions({ environment }: Endpoints, dataDir: string | undefined): string {
  if (dataDir !== undefined && dataDir !== defaultDataDir(environment)) {
    return ` --data-dir ${/^[\w./-]+$/.test(dataDir) ? dataDir : JSON.stringify(dataDir)}`;
  }
  return environment === 'dev' ? '' : ` --env ${environment}`;
}

/** One line a resource type, so that what runs differently here is seen without scrolling. */
function notHonouredLines(notHonoured: readonly NotHonoured[]): string[] {
  if (notHonoured.length === 0) {
    return [];
  }
  const byType = new Map<string, Set<string>>();
  for (const { address, argument } of notHonoured) {
    const type = address.split('.').slice(0, -1).join('.');
    const entries = byType.get(type) ?? new Set<string>();
    entries.add(argument ?? '(the whole resource)');
    byType.set(type, entries);
  }
  const lines = [...byType].map(([type, entries]) => `  ${type}: ${[...entries].sort().join(', ')}`);
  return ['In the Terraform, but without effect on this machine:', '', ...lines.sort(), ''];
}

/**
 * Every call to an AWS API on this machine, whether it came over HTTP from an SDK or from one engine to another,
 * is one of these, and takes one way: interceptors (identity and policies, injected faults, the meter), then the
 * engine.
 */

export type ServiceName = 'dynamodb' | 'sqs' | 'states' | 'logs' | 'lambda' | 'sts' | 'cloudwatch';
export type JsonObject = Readonly<Record<string, unknown>>;

/** Who calls: anybody with any credentials, or a role of the stack (a function's, the state machine's). */
export type Principal =
  | { readonly kind: 'operator' }
  | {
      readonly kind: 'role';
      readonly roleArn: string;
      /** The function or state machine that uses the role. */
      readonly user: string;
      /** Which of the function's instances, where it is one of several. */
      readonly instance?: string;
    };

export interface ServiceCall {
  readonly service: ServiceName;
  /** As the API names it: `UpdateItem`. */
  readonly operation: string;
  /** The request as the service's JSON protocol has it. */
  readonly input: JsonObject;
  readonly principal: Principal;
  /** Aborted when the caller has gone (a client that hung up during a long poll). */
  readonly signal?: AbortSignal;
}

export type Dispatch = (call: ServiceCall) => Promise<JsonObject>;
/** Something that every call passes on its way: may refuse it, delay it, count it. */
export type Interceptor = (call: ServiceCall, next: Dispatch) => Promise<JsonObject>;

export interface Service {
  readonly name: ServiceName;
  /** @throws AwsError as the service would answer */
  call(call: ServiceCall): Promise<JsonObject>;
  /** ARNs that the call acts on, for its policy check; `*` for calls that AWS ties to no resource. */
  resourceArns(call: ServiceCall): readonly string[];
}

/** An error as an AWS service answers it. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly statusCode: number;
  /** Further members of the answer, such as the `Item` of a failed condition. */
  readonly members: JsonObject;
  constructor(code: string, message: string, statusCode = 400, members: JsonObject = {}) {
    super(message);
    this.code = code;
    this.statusCode = statusCode;
    this.members = members;
  }
}

/** `dispatch` behind the interceptors, the first one outermost. */
export function intercepted(dispatch: Dispatch, interceptors: readonly Interceptor[]): Dispatch {
  return interceptors.reduceRight<Dispatch>(
    (next, interceptor) => (call) => interceptor(call, next),
    dispatch,
  );
}

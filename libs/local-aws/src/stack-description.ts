/**
 * A stack as the local engines need it: what is left of a synthesized Terraform file when its references are
 * resolved. It knows nothing of any one application.
 */
export interface StackDescription {
  readonly region: string;
  readonly accountId: string;
  readonly tables: readonly TableDescription[];
  readonly queues: readonly QueueDescription[];
  readonly functions: readonly FunctionDescription[];
  readonly functionPermissions: readonly FunctionPermission[];
  readonly eventSourceMappings: readonly EventSourceMappingDescription[];
  readonly stateMachines: readonly StateMachineDescription[];
  readonly schedules: readonly ScheduleDescription[];
  readonly apis: readonly ApiDescription[];
  readonly logGroups: readonly LogGroupDescription[];
  readonly roles: readonly RoleDescription[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Resources and arguments in the Terraform that the engines don't honour, to be named at start. */
  readonly notHonoured: readonly NotHonoured[];
}

export interface NotHonoured {
  /** `aws_sqs_queue.order_queue` */
  readonly address: string;
  /** `kms_master_key_id`; absent where the whole resource is not honoured. */
  readonly argument?: string;
}

export interface TableDescription {
  readonly name: string;
  readonly arn: string;
  /** The CreateTable request that makes it. */
  readonly createTable: Readonly<Record<string, unknown>>;
}

export interface QueueDescription {
  readonly name: string;
  readonly arn: string;
  /** Attributes as SetQueueAttributes takes them (VisibilityTimeout in seconds, RedrivePolicy as JSON, ...). */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface FunctionDescription {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly runtime: string;
  /** `index.handler` */
  readonly handler: string;
  /** The unpacked bundle's folder, or a zip's path, absolute. */
  readonly code: string;
  readonly timeoutSeconds: number;
  readonly memorySizeMb: number;
  readonly reservedConcurrency?: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroupName: string;
  readonly architecture: string;
}

export interface FunctionPermission {
  readonly functionName: string;
  readonly action: string;
  readonly principal: string;
  readonly sourceArn?: string;
}

export interface EventSourceMappingDescription {
  readonly id: string;
  readonly queueArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
  readonly maximumBatchingWindowSeconds: number;
  readonly maximumConcurrency?: number;
  readonly reportBatchItemFailures: boolean;
  readonly enabled: boolean;
}

export interface StateMachineDescription {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly type: 'STANDARD' | 'EXPRESS';
  /** Amazon States Language, JSON text with every reference resolved. */
  readonly definition: string;
  readonly logging?: {
    readonly logGroupName: string;
    readonly level: 'ALL' | 'ERROR' | 'FATAL' | 'OFF';
    readonly includeExecutionData: boolean;
  };
}

/** An EventBridge rule or schedule that starts a function. */
export interface ScheduleDescription {
  readonly name: string;
  readonly arn: string;
  /** `rate(5 minutes)`, `cron(...)` */
  readonly scheduleExpression: string;
  readonly targetArn: string;
  readonly roleArn?: string;
  readonly input?: string;
}

export interface ApiDescription {
  readonly id: string;
  readonly name: string;
  readonly executionArn: string;
  readonly stageName: string;
  readonly methods: readonly ApiMethod[];
  readonly gatewayResponses: readonly GatewayResponse[];
  readonly accessLog?: { readonly logGroupName: string; readonly format: string };
  /** Requests a second and burst of the whole stage, where set. */
  readonly throttling?: { readonly rateLimit: number; readonly burstLimit: number };
  /** Values of the API keys that a method with `apiKeyRequired` accepts. */
  readonly apiKeys: readonly string[];
}

export interface ApiMethod {
  /** `/order/{order_id}` */
  readonly resourcePath: string;
  /** `POST`, `ANY`, ... */
  readonly httpMethod: string;
  readonly authorization: string;
  readonly apiKeyRequired: boolean;
  /** JSON schemas by content type; `$default` where no other matches. */
  readonly requestModels: Readonly<Record<string, unknown>>;
  readonly validateBody: boolean;
  readonly validateParameters: boolean;
  /** `method.request.querystring.x` -> required */
  readonly requestParameters: Readonly<Record<string, boolean>>;
  readonly integration:
    | { readonly type: 'AWS_PROXY'; readonly functionArn: string; readonly timeoutMs: number }
    | {
        readonly type: 'MOCK';
        readonly statusCode: number;
        /** Header -> `'a constant'`, or the variable that it carries: `context.requestId`. */
        readonly headers: Readonly<Record<string, string>>;
        readonly body?: string;
      };
}

export interface GatewayResponse {
  /** `BAD_REQUEST_BODY`, `DEFAULT_4XX`, ... */
  readonly responseType: string;
  readonly statusCode?: number;
  /** `gatewayresponse.header.Access-Control-Allow-Origin` -> `'*'` */
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
}

export interface LogGroupDescription {
  readonly name: string;
  readonly retentionDays?: number;
}

export interface RoleDescription {
  readonly name: string;
  readonly arn: string;
  readonly assumeRolePolicy: PolicyDocument;
  readonly policies: readonly PolicyDocument[];
}

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, unknown>>;
}

import Type, { type Static, type TSchema } from 'typebox';

/** Log retentions that CloudWatch Logs takes, in days (API reference: PutRetentionPolicy). */
const LOG_RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** A whole number from `minimum` to `maximum`; `unit` is what the error message calls it. */
const whole = (minimum: number, maximum: number, unit: string) =>
  Type.Integer({ minimum, maximum, remedy: `a whole number of ${unit} from ${minimum} to ${maximum}` });
const rate = () => Type.Number({ minimum: 0, maximum: 1, remedy: 'a number from 0 to 1' });
const onOff = () => Type.Boolean({ remedy: 'true or false' });
const oneOf = <const Choices extends string[]>(choices: readonly [...Choices]) =>
  Type.Enum(choices, { remedy: `one of ${choices.join(', ')}` });

/** Settings of one environment. Each can be overridden by `DOFS_` and its name in upper snake case. */
export const EnvironmentConfig = Type.Object(
  {
    /** MB, for every function (Lambda's limits). */
    lambdaMemorySize: whole(128, 10_240, 'MB'),
    lambdaRuntime: oneOf(['nodejs22.x']),
    lambdaArchitecture: oneOf(['arm64', 'x86_64']),
    /** Seconds, for the functions behind the API and the workflow. API Gateway gives up after 29 s. */
    lambdaTimeoutSeconds: whole(1, 29, 'seconds'),
    /** Seconds, for the two functions that read queues. */
    fulfillmentTimeoutSeconds: whole(1, 900, 'seconds'),
    /** Seconds for which a received message stays hidden. */
    visibilityTimeoutSeconds: whole(1, 43_200, 'seconds'),
    /** Receives after which a message goes to the dead letter queue. */
    maxReceiveCount: whole(1, 1000, 'receives'),
    orderQueueRetentionDays: whole(1, 14, 'days'),
    dlqRetentionDays: whole(1, 14, 'days'),
    /** Messages that a queue's function gets at once. */
    queueBatchSize: whole(1, 10, 'messages'),
    /** Most copies of a queue's function that run at once; AWS takes 2 to 1000. */
    queueMaximumConcurrency: whole(2, 1000, 'copies'),
    /** Share of orders that the simulated warehouse fulfils. */
    fulfillmentSuccessRate: rate(),
    /** Share of deliveries that fail technically, for demonstrations. */
    fulfillmentErrorRate: rate(),
    /** Seconds without progress after which the sweep takes an order for stuck. */
    stuckAfterSeconds: whole(1, 86_400, 'seconds'),
    /** After so many requeues of a stuck order the sweep fails it as soon as the queue is empty. */
    maxRequeues: whole(0, 100, 'requeues'),
    sweepIntervalMinutes: whole(1, 1440, 'minutes'),
    sweepTimeoutSeconds: whole(1, 900, 'seconds'),
    logLevel: oneOf(['DEBUG', 'INFO', 'WARN', 'ERROR']),
    logRetentionDays: Type.Enum(LOG_RETENTIONS, {
      remedy: `one of the retentions that CloudWatch Logs has: ${LOG_RETENTIONS.join(', ')} (days)`,
    }),
    /** Keeps tables from being deleted, by Terraform or by hand. */
    deletionProtection: onOff(),
    pointInTimeRecovery: onOff(),
    workflowType: oneOf(['STANDARD', 'EXPRESS']),
    /** Requests a second that the API takes, and how many at once on top. */
    throttlingRateLimit: Type.Number({
      exclusiveMinimum: 0,
      maximum: 10_000,
      remedy: 'a number of requests a second over 0 and up to 10000',
    }),
    throttlingBurstLimit: whole(1, 5000, 'requests'),
    apiAuthorization: oneOf(['NONE', 'API_KEY', 'AWS_IAM']),
    /** Who gets the alarms; empty: nobody by e-mail. */
    alertEmail: Type.String({
      pattern: '^$|^[^@\\s]+@[^@\\s]+\\.[^@\\s.]+$',
      remedy: 'an e-mail address such as team@example.com, or empty for none',
    }),
    /** Customer-managed key for everything at rest; empty: the services' own keys. */
    kmsKeyArn: Type.String({
      pattern: '^$|^arn:aws[a-z-]*:kms:[a-z0-9-]+:\\d{12}:key/[A-Za-z0-9-]+$',
      remedy: 'the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/ID), or empty for none',
    }),
    /** Subnets and security groups of the functions; both empty: no VPC. */
    vpcSubnetIds: Type.Array(Type.String({ pattern: '^subnet-[0-9a-z]+$' }), {
      remedy: 'a list of subnet ids (subnet-...), or empty for no VPC',
    }),
    vpcSecurityGroupIds: Type.Array(Type.String({ pattern: '^sg-[0-9a-z]+$' }), {
      remedy: 'a list of security group ids (sg-...), or empty for no VPC',
    }),
  },
  { additionalProperties: false },
);
export type EnvironmentConfig = Static<typeof EnvironmentConfig>;

/**
 * Versions of the AWS provider that take what we synthesize: the bindings emit only what is set, and we set nothing
 * that only 6 knows.
 */
const PROVIDER_VERSION = '(5\\.[1-9]\\d{2,}|6\\.\\d+)\\.\\d+';

/** What `githubRepository` is in a fresh clone: it can be synthesized, but no pipeline can be deployed with it. */
export const REPOSITORY_PLACEHOLDER = 'OWNER/REPOSITORY';

/** Settings of the whole project: the same in every environment. */
export const ProjectConfig = Type.Object(
  {
    /** Begins the name of every resource. Short, because role names end at 64 characters. */
    projectName: Type.String({
      pattern: '^[a-z][a-z0-9-]{0,18}[a-z0-9]$',
      remedy: 'from 2 to 20 lower-case letters, digits and hyphens, beginning with a letter',
    }),
    region: Type.String({
      pattern: '^[a-z]{2}(-[a-z]+)+-\\d$',
      remedy: 'an AWS region such as us-east-1',
    }),
    /** Of the AWS provider, on laptops and in the pipelines alike: a newer one may change the state for good. */
    awsProviderVersion: Type.String({
      pattern: `^(${PROVIDER_VERSION}|>= ${PROVIDER_VERSION}, < (${PROVIDER_VERSION}|7\\.0\\.0))$`,
      remedy: 'a version from 5.100.0 and below 7.0.0, or a range of them such as ">= 5.100.0, < 7.0.0"',
    }),
    /** Whether the roles carry the permissions boundary that the global stack makes (pipelines need it). */
    permissionsBoundary: onOff(),
    /** The repository that the pipelines build: `owner/name` on GitHub. */
    githubRepository: Type.String({
      pattern: '^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$',
      remedy: 'a GitHub repository as OWNER/NAME',
    }),
    /** `connection`: CodeConnections. `token`: a personal access token, kept as SecureString. */
    githubAuthentication: oneOf(['connection', 'token']),
    githubTokenParameter: Type.String({
      pattern: '^/[A-Za-z0-9_./-]+$',
      remedy: 'the name of a parameter in Parameter Store, such as /github/personal-access-token',
    }),
    developBranch: Type.String({ minLength: 1, remedy: 'the name of a branch' }),
    mainBranch: Type.String({ minLength: 1, remedy: 'the name of a branch' }),
    /** Whether a push starts its pipeline; else they are started by hand. */
    pushesStartPipelines: onOff(),
    /** Days for which builds' logs and artifacts are kept. */
    pipelineRetentionDays: Type.Enum(LOG_RETENTIONS, {
      remedy: `one of the retentions that CloudWatch Logs has: ${LOG_RETENTIONS.join(', ')} (days)`,
    }),
  },
  { additionalProperties: false },
);
export type ProjectConfig = Static<typeof ProjectConfig>;

/** What a setting's values must be, for an error message. */
export function remedyOf(schema: TSchema): string {
  return (schema as TSchema & { readonly remedy: string }).remedy;
}

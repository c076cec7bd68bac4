import { runSimulation, runUnsafeSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import type { PolicyDocument } from '@dofs/local-aws/stack-description';
import { resourcesOf, type StackJson } from '../src/rules/stack-json.ts';

export const ACCOUNT = '123456789012';

/** A call as IAM sees it; the context is what its condition keys are: `{ 'iam:PassedToService': 'lambda.amazonaws.com' }`. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** A key that leaves everything to IAM: without a policy that does, IAM's own say nothing about a key. */
const KEY_POLICY: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
};

/** What the public IAM simulator says of a call by a role with these policies. */
export async function decision(policies: readonly PolicyDocument[], call: Call): Promise<string> {
  const isOfKey = call.action.startsWith('kms:');
  const simulation: Simulation = {
    request: {
      principal: `arn:aws:iam::${ACCOUNT}:role/a-role`,
      action: call.action,
      resource: { resource: call.resource, accountId: ACCOUNT },
      contextVariables: inKnownKeys({ ...call.context }),
    },
    identityPolicies: policies.map((policy, index) => ({
      name: `policy-${index}`,
      policy: inKnownKeys(policy),
    })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(isOfKey ? { resourcePolicy: KEY_POLICY } : {}),
  };
  const answer = await runSimulation(simulation, {});
  if (answer.resultType === 'error' && answer.errors.message === 'no.resource.types') {
    // Its list of API Gateway's paths has gaps; unchecked it takes any.
    return runUnsafeSimulation(simulation, {});
  }
  return answer.resultType === 'error' ? answer.errors.message : answer.overallResult;
}

/** The simulator leaves out the keys of an encryption context, as it can't know them: they go by as keys that it takes. */
function inKnownKeys<Value>(value: Value): Value {
  const text = JSON.stringify(value).replaceAll(
    /kms:EncryptionContext:([\w:]+)/g,
    (_, key: string) => `aws:PrincipalTag/${key.replaceAll(':', '-')}`,
  );
  return JSON.parse(text) as Value;
}

/** The policies of the stack whose names begin so, with references to other resources resolved as Terraform would. */
export function policiesOf(stack: StackJson, ...names: readonly string[]): readonly PolicyDocument[] {
  const all = ['aws_iam_role_policy', 'aws_iam_policy'].flatMap((type) => resourcesOf(stack, type));
  return all
    .filter(({ address }) => names.some((name) => address.endsWith(`.${name}`)))
    .map(({ args }) => JSON.parse(resolved(String(args['policy']))) as PolicyDocument);
}

function resolved(text: string): string {
  return text
    .replaceAll('${data.aws_partition.partition.partition}', 'aws')
    .replaceAll('${data.aws_caller_identity.current.account_id}', ACCOUNT)
    .replaceAll(/\$\{aws_(\w+)\.([\w-]+)\.arn\}/g, (_, type: string, name: string) => arnOf(type, name));
}

/** The ARN of a resource of the global stack, which has the name that it has in the program. */
export function arnOf(type: string, name: string): string {
  switch (type) {
    case 's3_bucket':
      return `arn:aws:s3:::${name}`;
    case 'dynamodb_table':
      return `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/${name}`;
    case 'codebuild_project':
      return `arn:aws:codebuild:us-east-1:${ACCOUNT}:project/${name}`;
    case 'cloudwatch_log_group':
      return `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:${name}`;
    case 'codestarconnections_connection':
      return `arn:aws:codeconnections:us-east-1:${ACCOUNT}:connection/${name}`;
    default:
      throw new Error(`no ARN is known for a ${type}`);
  }
}

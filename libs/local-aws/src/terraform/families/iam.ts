import type { PolicyDocument, PolicyStatement, RoleDescription } from '../../stack-description.ts';
import {
  nestedBlocks,
  optionalText,
  text,
  texts,
  type Args,
  type Handling,
  type Resource,
  type ResourceTypes,
  type StackContext,
} from '../resource.ts';
import { StackError } from '../stack-error.ts';
import { nameOf } from './names.ts';

const roleArn = (role: Resource, context: StackContext) =>
  `arn:${context.partition}:iam::${context.accountId}:role${optionalText(role, 'path') ?? '/'}${nameOf(role)}`;
const policyArn = (policy: Resource, context: StackContext) =>
  `arn:${context.partition}:iam::${context.accountId}:policy${optionalText(policy, 'path') ?? '/'}${nameOf(policy)}`;

const STATEMENT: Handling = {
  sid: 'honoured',
  effect: 'honoured',
  actions: 'honoured',
  not_actions: 'honoured',
  resources: 'honoured',
  not_resources: 'honoured',
  principals: 'honoured',
  condition: 'honoured',
};

export const iamTypes: ResourceTypes = {
  aws_iam_role: {
    args: {
      name: 'honoured',
      name_prefix: 'honoured',
      path: 'honoured',
      assume_role_policy: 'honoured',
      inline_policy: { name: 'honoured', policy: 'honoured' },
      managed_policy_arns: 'honoured',
      max_session_duration: 'harmless',
      force_detach_policies: 'harmless',
      description: 'harmless',
      tags: 'harmless',
    },
    computed: {
      arn: roleArn,
      id: (role) => nameOf(role),
      name: (role) => nameOf(role),
      unique_id: (role) => nameOf(role),
    },
  },
  aws_iam_role_policy: {
    args: { role: 'honoured', policy: 'honoured', name: 'harmless', name_prefix: 'harmless' },
    computed: {
      id: (policy) => `${text(policy, 'role')}:${nameOf(policy)}`,
      name: (policy) => nameOf(policy),
    },
  },
  aws_iam_policy: {
    args: {
      name: 'honoured',
      name_prefix: 'honoured',
      path: 'honoured',
      policy: 'honoured',
      description: 'harmless',
      tags: 'harmless',
    },
    computed: { arn: policyArn, id: policyArn, name: (policy) => nameOf(policy) },
  },
  aws_iam_role_policy_attachment: {
    args: { role: 'honoured', policy_arn: 'honoured' },
    computed: { id: (attachment) => `${text(attachment, 'role')}-${attachment.name}` },
  },
  'data.aws_iam_policy_document': {
    args: { version: 'honoured', policy_id: 'harmless', statement: STATEMENT },
    computed: {
      json: (document) => JSON.stringify(policyDocument(document)),
      id: (document) => document.name,
    },
  },
};

/** The policies that AWS manages and a small stack may attach; others are refused by name. */
const AWS_MANAGED: Readonly<Record<string, readonly string[]>> = {
  AWSLambdaBasicExecutionRole: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  AWSLambdaSQSQueueExecutionRole: [
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ],
  AmazonAPIGatewayPushToCloudWatchLogs: ['logs:*'],
};

export function describeRoles(context: StackContext): RoleDescription[] {
  return context.resources('aws_iam_role').map((role) => ({
    name: nameOf(role),
    arn: roleArn(role, context),
    assumeRolePolicy: parsePolicy(role, 'assume_role_policy'),
    policies: [
      ...nestedBlocks(role, 'inline_policy').map((inline) => parsePolicy(inline, 'policy')),
      ...texts(role, 'managed_policy_arns').map((arn) => managedPolicy(arn, role, context)),
      ...context
        .resources('aws_iam_role_policy')
        .filter((policy) => text(policy, 'role') === nameOf(role))
        .map((policy) => parsePolicy(policy, 'policy')),
      ...context
        .resources('aws_iam_role_policy_attachment')
        .filter((attachment) => text(attachment, 'role') === nameOf(role))
        .map((attachment) => managedPolicy(text(attachment, 'policy_arn'), attachment, context)),
    ],
  }));
}

function managedPolicy(arn: string, by: Resource, context: StackContext): PolicyDocument {
  const own = context.resources('aws_iam_policy').find((policy) => policyArn(policy, context) === arn);
  if (own !== undefined) {
    return parsePolicy(own, 'policy');
  }
  const name = arn.split('/').at(-1) ?? arn;
  const actions = arn.startsWith(`arn:${context.partition}:iam::aws:policy/`) ? AWS_MANAGED[name] : undefined;
  if (actions === undefined) {
    throw new StackError(by.address, `the policy ${arn} is not known on this machine`);
  }
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
}

function parsePolicy(of: Args, argument: string): PolicyDocument {
  const json = text(of, argument);
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch {
    throw new StackError(`${of.address}.${argument}`, `is not JSON: ${json}`);
  }
  if (document === null || typeof document !== 'object' || !('Statement' in document)) {
    throw new StackError(`${of.address}.${argument}`, 'is not a policy: it has no Statement');
  }
  const { Version, Statement } = document as {
    Version?: string;
    Statement: PolicyStatement | PolicyStatement[];
  };
  return {
    // IAM's own default where a policy names no version.
    Version: Version ?? '2008-10-17',
    Statement: Array.isArray(Statement) ? Statement : [Statement],
  };
}

function policyDocument(document: Resource): PolicyDocument {
  return {
    Version: optionalText(document, 'version') ?? '2012-10-17',
    Statement: nestedBlocks(document, 'statement').map(policyStatement),
  };
}

function policyStatement(statement: Args): PolicyStatement {
  const effect = optionalText(statement, 'effect') ?? 'Allow';
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw new StackError(`${statement.address}.effect`, `must be Allow or Deny, not ${effect}`);
  }
  const sid = optionalText(statement, 'sid');
  const principals = nestedBlocks(statement, 'principals').map(
    (principal) => [text(principal, 'type'), oneOrMany(texts(principal, 'identifiers'))] as const,
  );
  const conditions = nestedBlocks(statement, 'condition');
  return {
    ...(sid === undefined ? {} : { Sid: sid }),
    Effect: effect,
    ...element('Action', texts(statement, 'actions')),
    ...element('NotAction', texts(statement, 'not_actions')),
    ...element('Resource', texts(statement, 'resources')),
    ...element('NotResource', texts(statement, 'not_resources')),
    ...(principals.length > 0 ? { Principal: Object.fromEntries(principals) } : {}),
    ...(conditions.length > 0 ? { Condition: conditionsOf(conditions) } : {}),
  };
}

function conditionsOf(conditions: readonly Args[]): Record<string, Record<string, unknown>> {
  const result: Record<string, Record<string, unknown>> = {};
  for (const condition of conditions) {
    const test = text(condition, 'test');
    result[test] = { ...result[test], [text(condition, 'variable')]: oneOrMany(texts(condition, 'values')) };
  }
  return result;
}

function element(name: string, values: readonly string[]): Record<string, string | readonly string[]> {
  return values.length === 0 ? {} : { [name]: oneOrMany(values) };
}

function oneOrMany(values: readonly string[]): string | readonly string[] {
  const [only, ...others] = values;
  return only !== undefined && others.length === 0 ? only : values;
}

import type { Call } from '../simulate.ts';
import { lambdaAction } from './lambda-actions.ts';

/** A request to an AWS service, as the provider sent it. */
export interface RecordedRequest {
  /** As in policies: `sqs`. */
  readonly service: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The header of the JSON protocols: `AmazonSQS.CreateQueue`. */
  readonly target?: string;
  readonly body: string;
  /** The response, if it was JSON. */
  readonly response: string;
}

const ACCOUNT = '123456789012';
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${ACCOUNT}:${resource}`;
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/dofs/${name}`;

/** What is known of resources that have no names: their tags, the function of a mapping, the boundary of a role. */
export type Owners = Map<string, Readonly<Record<string, string>>>;
type Fields = Readonly<Record<string, unknown>>;

/** The calls as IAM sees them that a request makes, passing a role included. Empty for what needs no permission. */
export function callsOf(request: RecordedRequest, owners: Owners): readonly Call[] {
  const { service, target, body } = request;
  if (service === 'sts') {
    return [];
  }
  if (service === 'apigateway') {
    return [apiCall(request, owners)];
  }
  if (service === 'lambda') {
    return lambdaCalls(request, owners);
  }
  const fields: Fields = target === undefined ? Object.fromEntries(new URLSearchParams(body)) : parsed(body);
  const operation = target?.split('.').at(-1) ?? String(fields['Action']);
  if (service === 'kms') {
    return [keyCall(`kms:${operation}`, String(fields['KeyId']))];
  }
  const call = { action: `${service}:${operation}`, resource: namedResource(service, fields) };
  return service === 'iam'
    ? [{ ...call, context: roleContext(operation, fields, owners) }]
    : [call, ...passedRole(fields['roleArn'], 'states.amazonaws.com')];
}

/** A key that is asked for by its alias, which IAM knows as a condition: the ARN is the key's. */
function keyCall(action: string, alias: string): Call {
  return {
    action,
    resource: arn('kms', 'key/0a1b2c3d-0000-4000-8000-000000000000'),
    context: { 'kms:RequestAlias': alias },
  };
}

function parsed(text: string): Fields {
  return text === '' ? {} : (JSON.parse(text) as Fields);
}

/** The first of a request's fields that names a resource; `*` where none does. */
function namedResource(service: string, fields: Fields): string {
  const named: readonly (readonly [field: string, toArn: (value: string) => string])[] = [
    ['RoleName', role],
    ['TableName', (name) => arn('dynamodb', `table/${name}`)],
    ['QueueName', (name) => arn('sqs', name)],
    ['QueueUrl', (url) => arn('sqs', url.split('/').at(-1) ?? '')],
    ['logGroupName', (name) => arn('logs', `log-group:${name}`)],
    ['AlarmName', (name) => arn('cloudwatch', `alarm:${name}`)],
    ['AlarmNames.member.1', (name) => arn('cloudwatch', `alarm:${name}`)],
    ['DashboardName', (name) => `arn:aws:cloudwatch::${ACCOUNT}:dashboard/${name}`],
    ['DashboardNames.member.1', (name) => `arn:aws:cloudwatch::${ACCOUNT}:dashboard/${name}`],
    ['Rule', (name) => arn('events', `rule/${name}`)],
    ['SubscriptionArn', (value) => value.split(':').slice(0, 6).join(':')],
    ['Name', (name) => arn(service, service === 'events' ? `rule/${name}` : name)],
    ['name', (name) => arn('states', `stateMachine:${name}`)],
  ];
  const ownArn = ['ResourceArn', 'ResourceARN', 'resourceArn', 'TopicArn', 'stateMachineArn']
    .map((field) => fields[field])
    .find((value) => typeof value === 'string');
  const found = named.find(([field]) => typeof fields[field] === 'string');
  return ownArn ?? (found === undefined ? '*' : found[1](String(fields[found[0]])));
}

/** A role keeps the boundary that it was made with. */
function roleContext(operation: string, fields: Fields, owners: Owners): Readonly<Record<string, string>> {
  const name = String(fields['RoleName']);
  if (operation === 'CreateRole') {
    owners.set(name, { 'iam:PermissionsBoundary': String(fields['PermissionsBoundary']) });
  }
  return owners.get(name) ?? {};
}

function passedRole(roleArn: unknown, service: string): readonly Call[] {
  return typeof roleArn === 'string'
    ? [{ action: 'iam:PassRole', resource: roleArn, context: { 'iam:PassedToService': service } }]
    : [];
}

function lambdaCalls({ method, path, body, response }: RecordedRequest, owners: Owners): readonly Call[] {
  const { action, functionName, mappingId } = lambdaAction(method, path);
  const fields = parsed(body);
  if (action === 'CreateEventSourceMapping') {
    const context = { 'lambda:FunctionArn': String(fields['FunctionName']) };
    owners.set(String(parsed(response)['UUID']), context);
    return [{ action: `lambda:${action}`, resource: '*', context }];
  }
  if (mappingId !== undefined) {
    const resource = arn('lambda', `event-source-mapping:${mappingId}`);
    return [{ action: `lambda:${action}`, resource, context: owners.get(mappingId) ?? {} }];
  }
  const name = functionName ?? String(fields['FunctionName']);
  const resource = name.startsWith('arn:') ? name : arn('lambda', `function:${name}`);
  return [{ action: `lambda:${action}`, resource }, ...passedRole(fields['Role'], 'lambda.amazonaws.com')];
}

function apiCall({ method, path, body, response }: RecordedRequest, owners: Owners): Call {
  const [, collection, id] = path.split('/');
  const call = { action: `apigateway:${method}`, resource: `arn:aws:apigateway:us-east-1::${path}` };
  if (collection === 'tags') {
    // Such a call names its resource, whose tags it may or may not carry.
    return call;
  }
  if (id === undefined) {
    const tags = (parsed(body)['tags'] ?? {}) as Readonly<Record<string, string>>;
    owners.set(String(parsed(response)['id']), tagKeys('aws:ResourceTag', tags));
    return { ...call, context: tagKeys('aws:RequestTag', tags) };
  }
  return { ...call, context: owners.get(id) ?? {} };
}

function tagKeys(key: string, tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [`${key}/${name}`, value]));
}

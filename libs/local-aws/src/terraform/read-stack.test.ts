import { describe, expect, it } from 'vitest';
import { withEndpoints } from './endpoints.ts';
import { readSections, type Blocks } from './stack-fixture.ts';

const queue = (args: Record<string, unknown>): Blocks => ({
  aws_sqs_queue: { orders: { name: 'orders', ...args } },
});

describe('references', () => {
  it('resolve through computed attributes, data sources, functions and nested text', () => {
    // Prepare
    const sections = {
      data: { aws_caller_identity: { me: {} }, aws_region: { here: {} } },
      locals: { retries: 3 },
      resource: {
        aws_sqs_queue: {
          dead: { name: 'dead-${data.aws_region.here.name}' },
          orders: {
            name: 'orders',
            redrive_policy:
              '{"deadLetterTargetArn":"${aws_sqs_queue.dead.arn}","maxReceiveCount":${local.retries}}',
            redrive_allow_policy: '${jsonencode({"sourceQueueArns" = [aws_sqs_queue.dead.arn], z = true})}',
          },
        },
      },
      output: {
        account: { value: '${data.aws_caller_identity.me.account_id}' },
        both: {
          value: ['${join(",", [aws_sqs_queue.dead.name, "b"])}', { url: '${aws_sqs_queue.orders.url}' }],
        },
      },
    };

    // Act
    const stack = withEndpoints(readSections(sections), {
      awsEndpoint: 'http://127.0.0.1:1',
      apiOrigin: 'http://127.0.0.1:2',
    });

    // Assess
    const dead = 'arn:aws:sqs:eu-west-1:123456789012:dead-eu-west-1';
    expect(stack.queues[1]?.attributes).toEqual({
      RedrivePolicy: `{"deadLetterTargetArn":"${dead}","maxReceiveCount":3}`,
      RedriveAllowPolicy: `{"sourceQueueArns":["${dead}"],"z":true}`,
    });
    expect(stack.outputs).toEqual({
      account: '123456789012',
      both: ['dead-eu-west-1,b', { url: 'http://127.0.0.1:1/123456789012/orders' }],
    });
  });

  it("leave escaped interpolations and a state machine's own dollars alone", () => {
    const stack = readSections({ resource: queue({ name: 'a$${b}-$.c' }) });

    expect(stack.queues[0]?.name).toBe('a${b}-$.c');
  });

  it.each([
    [
      'a resource that is not there',
      { name: '${aws_sqs_queue.missing.arn}' },
      /aws_sqs_queue\.orders\.name: \$\{aws_sqs_queue\.missing\.arn\}: there is no aws_sqs_queue\.missing/,
    ],
    [
      'an attribute that is not known',
      { name: '${aws_dynamodb_table.t.colour}' },
      /aws_sqs_queue\.orders\.name: .*no attribute colour/,
    ],
    [
      'an unknown function',
      { name: '${uuid()}' },
      /aws_sqs_queue\.orders\.name: \$\{uuid\(\)\}: the function uuid\(\) is not supported/,
    ],
    ['an operator', { name: '${1 + 2}' }, /aws_sqs_queue\.orders\.name: .*operator "\+" is not supported/],
    [
      'a circle',
      { name: '${aws_dynamodb_table.t.arn}', tags: { t: '${aws_dynamodb_table.u.arn}' } },
      /needs itself: .*aws_dynamodb_table\.u/,
    ],
    ['a repeated resource', { count: 2 }, /aws_sqs_queue\.orders\.count/],
    ['a broken expression', { name: '${aws_sqs_queue.' }, /aws_sqs_queue\.orders\.name: .*does not end/],
  ])('to %s are errors that name address and expression', (_, args, message) => {
    const table = (other: string) => ({ hash_key: 'id', name: `\${aws_dynamodb_table.${other}.name}` });
    const isCircle = 'tags' in args;
    const tables = isCircle ? { t: table('u'), u: table('t') } : { t: { name: 't', hash_key: 'id' } };

    expect(() => readSections({ resource: { ...queue(args), aws_dynamodb_table: tables } })).toThrow(message);
  });
});

describe('what is not honoured', () => {
  it('is named: unknown types, unknown arguments, nested ones and values that change nothing here', () => {
    // Prepare
    const resource = {
      aws_sqs_queue: { orders: { name: 'orders', kms_master_key_id: 'k', tags: { a: 'b' } } },
      aws_dynamodb_table: {
        t: {
          name: 't',
          hash_key: 'id',
          attribute: [{ name: 'id', type: 'S' }],
          deletion_protection_enabled: false,
          point_in_time_recovery: { enabled: true },
          server_side_encryption: { enabled: true, kms_key_arn: 'arn' },
        },
      },
      aws_sns_topic: { alerts: { name: 'alerts' } },
      aws_brand_new: { x: { anything: '${aws_sns_topic.alerts.arn}' } },
    };

    // Act
    const { notHonoured } = readSections({ resource });

    // Assess
    expect(notHonoured).toEqual([
      { address: 'aws_sqs_queue.orders', argument: 'kms_master_key_id' },
      { address: 'aws_dynamodb_table.t', argument: 'point_in_time_recovery.enabled' },
      { address: 'aws_dynamodb_table.t', argument: 'server_side_encryption.kms_key_arn' },
      { address: 'aws_sns_topic.alerts' },
      { address: 'aws_brand_new.x' },
    ]);
  });
});

it('describes a table by the request that creates it', () => {
  const table = {
    name: 'orders',
    billing_mode: 'PAY_PER_REQUEST',
    hash_key: 'order_id',
    attribute: [
      { name: 'order_id', type: 'S' },
      { name: 'status', type: 'S' },
      { name: 'created_at', type: 'S' },
    ],
    global_secondary_index: [
      {
        name: 'status-index',
        hash_key: 'status',
        range_key: 'created_at',
        projection_type: 'INCLUDE',
        non_key_attributes: ['x'],
      },
    ],
  };

  const stack = readSections({ resource: { aws_dynamodb_table: { orders: table } } });

  expect(stack.tables[0]?.createTable).toEqual({
    TableName: 'orders',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'order_id', AttributeType: 'S' },
      { AttributeName: 'status', AttributeType: 'S' },
      { AttributeName: 'created_at', AttributeType: 'S' },
    ],
    KeySchema: [{ AttributeName: 'order_id', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'status-index',
        KeySchema: [
          { AttributeName: 'status', KeyType: 'HASH' },
          { AttributeName: 'created_at', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['x'] },
      },
    ],
  });
});

describe('roles', () => {
  it('gather inline, attached and document policies', () => {
    // Prepare
    const resource = {
      aws_iam_role: { r: { name: 'r', assume_role_policy: '{"Version":"2012-10-17","Statement":[]}' } },
      aws_iam_role_policy: {
        p: { role: '${aws_iam_role.r.id}', policy: '${data.aws_iam_policy_document.d.json}' },
      },
      aws_iam_role_policy_attachment: {
        a: {
          role: '${aws_iam_role.r.name}',
          policy_arn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
        },
      },
      ...queue({}),
    };
    const data = {
      aws_iam_policy_document: {
        d: { statement: [{ actions: ['sqs:SendMessage'], resources: ['${aws_sqs_queue.orders.arn}'] }] },
      },
    };

    // Act
    const [role] = readSections({ resource, data }).roles;

    // Assess
    expect(role?.arn).toBe('arn:aws:iam::123456789012:role/r');
    expect(role?.policies[0]?.Statement).toEqual([
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:eu-west-1:123456789012:orders' },
    ]);
    expect(role?.policies[1]?.Statement[0]?.Action).toContain('logs:PutLogEvents');
  });

  it('with a policy that is not known here are refused by name', () => {
    const resource = {
      aws_iam_role: {
        r: {
          name: 'r',
          assume_role_policy: '{"Statement":[]}',
          managed_policy_arns: ['arn:aws:iam::aws:policy/X'],
        },
      },
    };

    expect(() => readSections({ resource })).toThrow(
      /aws_iam_role\.r: the policy arn:aws:iam::aws:policy\/X/,
    );
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PortTakenError } from './http/listen.ts';
import { startStack, type RunningStack } from './run-stack.ts';
import type { StackProblem } from './stack/stack-options.ts';
import type { PolicyStatement, StackDescription } from './stack-description.ts';

const ACCOUNT = '123456789012';
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${ACCOUNT}:${resource}`;
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const MACHINE = arn('states', 'stateMachine:notes');

/**
 * One function is all of this system: a POST starts the state machine, which sends a message, which the event
 * source mapping brings back to it, which then puts an item. It speaks with AWS without an SDK.
 */
const FUNCTION = `
const call = async (target, input) => {
  const response = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      'x-amz-target': target,
      authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/x/aws4_request',
    },
    body: JSON.stringify(input),
  });
  return { statusCode: response.status, body: await response.text() };
};
export const handler = async (event) => {
  if (event.Records === undefined) {
    const { id } = JSON.parse(event.body);
    return call('AWSStepFunctions.StartExecution', { stateMachineArn: process.env.MACHINE, name: id, input: JSON.stringify({ id }) });
  }
  for (const { body } of event.Records) {
    const { id } = JSON.parse(body);
    const { statusCode, body: answer } = await call('DynamoDB_20120810.PutItem', { TableName: 'notes', Item: { id: { S: id } } });
    if (statusCode !== 200) throw new Error(answer);
  }
};`;

const WORKER: readonly PolicyStatement[] = [
  { Effect: 'Allow', Action: 'states:StartExecution', Resource: MACHINE },
  { Effect: 'Allow', Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'], Resource: arn('sqs', 'notes') },
  { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: arn('dynamodb', 'table/notes') },
  {
    Effect: 'Allow',
    Action: 'logs:PutLogEvents',
    Resource: `${arn('logs', 'log-group:/aws/lambda/notes')}:*`,
  },
];

function role(name: string, service: string, statements: readonly PolicyStatement[]) {
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } } as const;
  return {
    name,
    arn: roleArn(name),
    assumeRolePolicy: { Version: '2012-10-17', Statement: [trust] },
    policies: [{ Version: '2012-10-17', Statement: statements }],
  };
}

function definition(): string {
  const send = {
    Type: 'Task',
    Resource: 'arn:aws:states:::sqs:sendMessage',
    Parameters: { QueueUrl: `http://aws-endpoint.invalid/${ACCOUNT}/notes`, MessageBody: { 'id.$': '$.id' } },
    End: true,
  };
  return JSON.stringify({ StartAt: 'Send', States: { Send: send } });
}

function stack(code: string, worker: readonly PolicyStatement[] = WORKER): StackDescription {
  return {
    region: 'us-east-1',
    accountId: ACCOUNT,
    tables: [
      {
        name: 'notes',
        arn: arn('dynamodb', 'table/notes'),
        createTable: {
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        },
      },
    ],
    queues: [{ name: 'notes', arn: arn('sqs', 'notes'), attributes: { VisibilityTimeout: '30' } }],
    functions: [
      {
        name: 'notes',
        arn: arn('lambda', 'function:notes'),
        roleArn: roleArn('worker'),
        runtime: 'nodejs22.x',
        handler: 'index.handler',
        code,
        timeoutSeconds: 10,
        memorySizeMb: 128,
        environment: { MACHINE },
        logGroupName: '/aws/lambda/notes',
        architecture: 'arm64',
      },
    ],
    functionPermissions: [
      { functionName: 'notes', action: 'lambda:InvokeFunction', principal: 'apigateway.amazonaws.com' },
    ],
    eventSourceMappings: [
      {
        id: 'mapping',
        queueArn: arn('sqs', 'notes'),
        functionArn: arn('lambda', 'function:notes'),
        batchSize: 10,
        maximumBatchingWindowSeconds: 0,
        reportBatchItemFailures: false,
        enabled: true,
      },
    ],
    stateMachines: [
      {
        name: 'notes',
        arn: MACHINE,
        roleArn: roleArn('machine'),
        type: 'STANDARD',
        definition: definition(),
      },
    ],
    schedules: [],
    apis: [
      {
        id: 'api',
        name: 'notes',
        executionArn: arn('execute-api', 'api'),
        stageName: 'dev',
        methods: [
          {
            resourcePath: '/note',
            httpMethod: 'POST',
            authorization: 'NONE',
            apiKeyRequired: false,
            requestModels: {},
            validateBody: false,
            validateParameters: false,
            requestParameters: {},
            integration: {
              type: 'AWS_PROXY',
              functionArn: arn('lambda', 'function:notes'),
              timeoutMs: 29_000,
            },
          },
        ],
        gatewayResponses: [],
        apiKeys: [],
      },
    ],
    logGroups: [{ name: '/aws/lambda/notes' }],
    roles: [
      role('worker', 'lambda.amazonaws.com', worker),
      role('machine', 'states.amazonaws.com', [
        { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn('sqs', 'notes') },
      ]),
    ],
    outputs: { queue_url: `http://aws-endpoint.invalid/${ACCOUNT}/notes` },
    notHonoured: [],
  };
}

describe('a stack', () => {
  let directory: string;
  let code: string;
  let running: RunningStack[];
  let problems: StackProblem[];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'stack-data-'));
    code = mkdtempSync(join(tmpdir(), 'stack-code-'));
    writeFileSync(join(code, 'index.mjs'), FUNCTION);
    running = [];
    problems = [];
  });
  afterEach(async () => {
    await Promise.all(running.map((system) => system.close()));
    rmSync(directory, { recursive: true, force: true });
    rmSync(code, { recursive: true, force: true });
  });

  async function start(description: StackDescription, apiPort = 0): Promise<RunningStack> {
    const system = await startStack(description, {
      dataDir: directory,
      workDir: join(directory, 'work'),
      apiPort,
      awsPort: 0,
      onProblem: (problem) => problems.push(problem),
    });
    running.push(system);
    return system;
  }
  const post = ({ apiUrl }: RunningStack, id: string) =>
    fetch(`${apiUrl}/note`, { method: 'POST', body: JSON.stringify({ id }) });
  async function noted({ awsEndpoint }: RunningStack): Promise<readonly string[]> {
    const answer = await fetch(awsEndpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.Scan' },
      body: '{"TableName":"notes"}',
    });
    const { Items } = (await answer.json()) as {
      readonly Items: readonly { readonly id: { readonly S: string } }[];
    };
    return Items.map(({ id }) => id.S);
  }
  async function until<T>(look: () => Promise<T> | T, isDone: (found: T) => boolean): Promise<T> {
    for (;;) {
      const found = await look();
      if (isDone(found)) {
        return found;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it('carries a request through function, state machine, queue and function into the table, and keeps it', async () => {
    // Prepare
    const first = await start(stack(code));

    // Act
    const answer = await post(first, 'one');
    await until(
      () => noted(first),
      (ids) => ids.length > 0,
    );
    await first.close();
    running = [];
    const second = await start(stack(code));

    // Assess
    expect(await answer.json()).toHaveProperty(
      'executionArn',
      `${MACHINE.replace('stateMachine', 'execution')}:one`,
    );
    expect(await noted(second)).toEqual(['one']);
    expect(first.outputs).toEqual({ queue_url: `${first.awsEndpoint}/${ACCOUNT}/notes` });
    expect(problems).toEqual([]);
  });

  it("refuses what a function's role doesn't allow", async () => {
    // Prepare
    const system = await start(
      stack(
        code,
        WORKER.filter(({ Action }) => Action !== 'states:StartExecution'),
      ),
    );

    // Act
    const answer = await post(system, 'one');

    // Assess
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      __type: 'AccessDeniedException',
      message:
        `User: arn:aws:sts::${ACCOUNT}:assumed-role/worker/notes is not authorized to perform: states:StartExecution ` +
        `on resource: ${MACHINE} because no identity-based policy allows the states:StartExecution action`,
    });
  });

  it('says what goes wrong where nobody waits for an answer', async () => {
    // Prepare
    const system = await start(
      stack(
        code,
        WORKER.filter(({ Action }) => Action !== 'dynamodb:PutItem'),
      ),
    );

    // Act
    await post(system, 'one');
    const [problem] = await until(
      () => problems,
      (found) => found.length > 0,
    );

    // Assess
    expect(problem).toMatchObject({ source: 'event-source-mapping' });
    expect(problem?.detail).toContain('dynamodb:PutItem');
  });

  it('leaves nothing running where a part cannot start', async () => {
    // Prepare
    const other = await start(stack(code));
    const taken = Number(new URL(other.apiUrl).port);
    const condition = {
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'true' } },
    };
    const elsewhere = join(directory, 'elsewhere');
    const starting = (description: StackDescription, apiPort: number) =>
      startStack(description, {
        dataDir: elsewhere,
        workDir: join(elsewhere, 'work'),
        apiPort,
        awsPort: 0,
      });

    // Act: each attempt opens the folder that the one before must have let go of.
    const [onTakenPort] = await Promise.allSettled([starting(stack(code), taken)]);
    const [withCondition] = await Promise.allSettled([
      starting(stack(code, [condition as PolicyStatement]), 0),
    ]);
    running.push(await starting(stack(code), 0));

    // Assess
    expect(onTakenPort).toMatchObject({ reason: expect.any(PortTakenError) as unknown });
    expect(withCondition).toMatchObject({
      reason: {
        name: 'PolicyNotSupportedError',
        message: expect.stringContaining('aws:SecureTransport') as string,
      },
    });
  });
}, 30_000);

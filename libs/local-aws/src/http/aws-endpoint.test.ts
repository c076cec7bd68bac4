import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { get, request } from 'node:http';
import { promisify } from 'node:util';
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { QueueDoesNotExist, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDispatch } from '../dispatch.ts';
import { createIdentities } from '../iam/identities.ts';
import { createLambdaService } from '../lambda-api/lambda-service.ts';
import {
  AwsError,
  type Interceptor,
  type Principal,
  type Service,
  type ServiceCall,
} from '../service-call.ts';
import { startSqs, type Sqs } from '../sqs/sqs-service.ts';
import { createSts } from '../sts/sts-service.ts';
import { startAwsEndpoint, type AwsEndpoint } from './aws-endpoint.ts';
import { PortTakenError } from './listen.ts';

const ACCOUNT = { accountId: '123456789012', region: 'us-east-1' };
const ECHO = {
  name: 'echo',
  arn: 'arn:aws:lambda:us-east-1:123456789012:function:echo',
  roleArn: 'arn:aws:iam::123456789012:role/echo',
  runtime: 'nodejs22.x',
  handler: 'index.handler',
  code: '/nowhere',
  timeoutSeconds: 3,
  memorySizeMb: 128,
  environment: {},
  logGroupName: '/aws/lambda/echo',
  architecture: 'arm64',
};
const WORKER: Principal = { kind: 'role', roleArn: 'arn:aws:iam::123456789012:role/worker', user: 'worker' };

describe('the AWS endpoint', () => {
  let endpoint: AwsEndpoint;
  let sqs: Sqs;
  let defects: unknown[];
  let received: PromiseWithResolvers<ServiceCall>;
  const identities = createIdentities();
  beforeEach(async () => {
    defects = [];
    received = Promise.withResolvers();
    sqs = await startSqs(
      {
        ...ACCOUNT,
        queues: [{ name: 'orders', arn: 'arn:aws:sqs:us-east-1:123456789012:orders', attributes: {} }],
      },
      { clock: Date.now, endpoint: () => endpoint.url },
    );
    const lambda = createLambdaService(
      { ...ACCOUNT, functions: [ECHO] },
      {
        runner: {
          invoke: (_arn, payload) =>
            Promise.resolve(
              payload.includes('fail')
                ? {
                    payload: '{"errorType":"Error"}',
                    functionError: 'Unhandled',
                    billedMs: 1,
                    requestId: 'r',
                  }
                : { payload, billedMs: 1, requestId: 'r', logTail: 'REPORT' },
            ),
        },
        onAsyncFailure: (_name, error) => defects.push(error),
      },
    );
    const broken: Service = {
      name: 'logs',
      call: () => Promise.reject(new TypeError('secret detail')),
      resourceArns: () => ['*'],
    };
    const watch: Interceptor = (call, next) => {
      received.resolve(call);
      return next(call);
    };
    endpoint = await startAwsEndpoint(0, {
      dispatch: createDispatch([sqs, lambda, createSts(ACCOUNT.accountId), broken], [watch]),
      principalOf: (id) => identities.principalOf(id),
      onDefect: (error) => defects.push(error),
    });
  });
  afterEach(async () => {
    await endpoint.close();
    sqs.close();
  });

  const client = (credentials = { accessKeyId: 'any', secretAccessKey: 'any' }) => ({
    endpoint: endpoint.url,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials,
  });
  const post = (headers: Record<string, string>, body: string) =>
    fetch(endpoint.url, { method: 'POST', headers, body });

  it('speaks SQS with the SDK', async () => {
    // Prepare
    const client_ = new SQSClient(client());
    const QueueUrl = `${endpoint.url}/123456789012/orders`;

    // Act
    await client_.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
    const { Messages } = await client_.send(new ReceiveMessageCommand({ QueueUrl }));
    const missing = client_.send(new ReceiveMessageCommand({ QueueUrl: `${QueueUrl}-gone` }));

    // Assess
    expect(Messages?.map(({ Body }) => Body)).toEqual(['hello']);
    await expect(missing).rejects.toThrow(QueueDoesNotExist);
  });

  it('speaks Lambda with the SDK', async () => {
    // Prepare
    const lambda = new LambdaClient(client());
    const invoke = (FunctionName: string, payload: unknown) =>
      lambda.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(payload)) }));

    // Act
    const { Functions } = await lambda.send(new ListFunctionsCommand({}));
    const answer = await invoke(ECHO.arn, { a: 1 });
    const failed = await invoke('echo', 'fail');
    const { LogResult } = await lambda.send(new InvokeCommand({ FunctionName: 'echo', LogType: 'Tail' }));
    const missing = invoke('gone', {});

    // Assess
    expect(Functions?.map(({ FunctionName }) => FunctionName)).toEqual(['echo']);
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(answer.Payload?.transformToString()).toBe('{"a":1}');
    expect(answer.LogResult).toBeUndefined();
    expect(Buffer.from(LogResult ?? '', 'base64').toString()).toBe('REPORT');
    expect(failed).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    await expect(missing).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('knows who calls by the access key id', async () => {
    // Prepare
    const ask = (credentials?: { accessKeyId: string; secretAccessKey: string }) =>
      new STSClient(client(credentials)).send(new GetCallerIdentityCommand({}));

    // Act
    const operator = await ask();
    const worker = await ask(identities.credentialsFor(WORKER));

    // Assess
    expect(operator.Arn).toBe('arn:aws:iam::123456789012:user/operator');
    expect(worker.Arn).toBe('arn:aws:sts::123456789012:assumed-role/worker/worker');
  });

  it.each([
    [
      'AmazonSQS.Fly',
      '{"QueueUrl":"http://x/1/orders"}',
      'com.amazonaws.sqs#UnknownOperationException',
      'Fly',
    ],
    ['AmazonEC2.RunInstances', '{}', 'UnknownOperationException', 'RunInstances'],
  ])('names an operation that it does not have: %s', async (target, body, type, named) => {
    // Act
    const answer = await post({ 'x-amz-target': target }, body);

    // Assess
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ __type: type, message: expect.stringContaining(named) as string });
  });

  it.each([
    ['a body that is not JSON', { 'x-amz-target': 'AmazonSQS.ListQueues' }, 'no json', 400],
    [
      'an action of an unknown service',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'Action=RunInstances',
      404,
    ],
  ])('refuses %s', async (_name, headers, body, status) => {
    // Act
    const answer = await post(headers, body);

    // Assess
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(['//', '/2015-03-31/functions/%ZZ'])('refuses the path %s, with an answer', async (path) => {
    // Prepare
    const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();

    // Act
    // Not with fetch, which would repair the path.
    const { port } = new URL(endpoint.url);
    get({ port, path }, (answer) => resolve(answer.resume().statusCode)).on('error', reject);

    // Assess
    expect(await promise).toBe(400);
    expect(defects).toEqual([]);
  });

  it('tells a client nothing of a defect, and the owner everything', async () => {
    // Act
    const answer = await post({ 'x-amz-target': 'Logs_20140328.DescribeLogGroups' }, '{}');

    // Assess
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret detail');
    expect(defects).toEqual([new TypeError('secret detail')]);
  });

  it('gives no message to a client that hung up', async () => {
    // Prepare
    const QueueUrl = `${endpoint.url}/123456789012/orders`;
    const poll = request(endpoint.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSQS.ReceiveMessage' },
    });
    poll.on('error', (error: NodeJS.ErrnoException) => expect(error.code).toBe('ECONNRESET'));
    poll.end(JSON.stringify({ QueueUrl, WaitTimeSeconds: 20 }));
    const { signal } = await received.promise;

    // Act
    poll.destroy();
    await once(signal ?? new AbortController().signal, 'abort');
    const sdk = new SQSClient(client());
    await sdk.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
    const { Messages } = await sdk.send(new ReceiveMessageCommand({ QueueUrl }));

    // Assess
    expect(Messages).toHaveLength(1);
  });

  it('refuses a port that is taken', async () => {
    // Prepare
    const port = Number(new URL(endpoint.url).port);
    const dispatch = () => Promise.reject(new AwsError('X', 'x'));

    // Act
    const second = startAwsEndpoint(port, { dispatch, principalOf: () => WORKER, onDefect: () => undefined });

    // Assess
    await expect(second).rejects.toThrow(PortTakenError);
    await expect(second).rejects.toThrow(new RegExp(`--aws-port.*${port}`));
  });

  it('speaks with the AWS CLI, where there is one', async ({ skip }) => {
    // Prepare
    const env = {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_DEFAULT_REGION: 'us-east-1',
    };
    const run = promisify(execFile);
    await run('aws', ['--version']).catch(() => skip('no aws on PATH'));

    // Act
    // Version 1 of the CLI doesn't heed AWS_ENDPOINT_URL for SQS, so the endpoint is an argument.
    const endpointArgument = ['--endpoint-url', endpoint.url];
    const queue = [
      'sqs',
      'get-queue-attributes',
      '--queue-url',
      'https://queue.amazonaws.com/YOUR-ACCOUNT/orders',
    ];
    const [attributes, missing] = await Promise.allSettled([
      run('aws', [...queue, '--attribute-names', 'All', ...endpointArgument], { env }),
      run('aws', ['sqs', 'get-queue-url', '--queue-name', 'gone', ...endpointArgument], { env }),
    ]);

    // Assess
    expect(attributes).toMatchObject({ value: { stdout: expect.stringContaining(':orders') as string } });
    expect(missing).toMatchObject({
      reason: { stderr: expect.stringContaining('NonExistentQueue') as string },
    });
  }, 20_000);
});

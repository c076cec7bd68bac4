import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Clock } from '../clock.ts';
import type { FunctionRunner } from '../engines.ts';
import { closeServer, listenLocally } from '../http/listen.ts';
import type { ApiDescription, ApiMethod, FunctionPermission } from '../stack-description.ts';
import { createApiServer } from './api-server.ts';

export const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:fn';
const EXECUTION_ARN = 'arn:aws:execute-api:us-east-1:123456789012:abc';

export function methodOf(changes: Partial<ApiMethod> = {}): ApiMethod {
  return {
    resourcePath: '/order',
    httpMethod: 'POST',
    authorization: 'NONE',
    apiKeyRequired: false,
    requestModels: {},
    validateBody: false,
    validateParameters: false,
    requestParameters: {},
    integration: { type: 'AWS_PROXY', functionArn: FUNCTION_ARN, timeoutMs: 29_000 },
    ...changes,
  };
}

export interface BenchSettings extends Partial<ApiDescription> {
  readonly invoke?: FunctionRunner['invoke'];
  readonly permissions?: readonly FunctionPermission[];
  readonly clock?: Clock;
}

export interface ApiBench {
  /** `http://127.0.0.1:port`, without the stage. */
  readonly origin: string;
  readonly accessLog: string[];
  readonly errors: unknown[];
  send(path: string, init?: RequestInit): Promise<{ status: number; headers: Headers; body: string }>;
}

/** What a function answers that answers its event. */
export const echo: FunctionRunner['invoke'] = (_, payload) => answering({ statusCode: 200, body: payload });

/** A function's result, of whatever form. */
export function answering(result: unknown): ReturnType<FunctionRunner['invoke']> {
  return Promise.resolve({ payload: JSON.stringify(result), billedMs: 1, requestId: randomUUID() });
}

/** An API on a free port, for one test. */
export async function startApi(settings: BenchSettings): Promise<ApiBench> {
  const { invoke = echo, permissions, clock = Date.now, ...api } = settings;
  const accessLog: string[] = [];
  const errors: unknown[] = [];
  const server = createApiServer({
    api: {
      id: 'abc',
      name: 'shop',
      executionArn: EXECUTION_ARN,
      stageName: 'dev',
      methods: [methodOf()],
      gatewayResponses: [],
      apiKeys: [],
      ...api,
    },
    accountId: '123456789012',
    region: 'us-east-1',
    permissions: permissions ?? [
      {
        functionName: 'fn',
        action: 'lambda:InvokeFunction',
        principal: 'apigateway.amazonaws.com',
        sourceArn: `${EXECUTION_ARN}/*/*`,
      },
    ],
    functions: { invoke },
    clock,
    logs: { append: (_group, _stream, events) => accessLog.push(...events.map(({ message }) => message)) },
    randomUuid: randomUUID,
    onError: (error) => errors.push(error),
  });
  const origin = await listenLocally(server, 0, 'the test');
  onTestFinished(() => closeServer(server, 0));
  const send: ApiBench['send'] = async (path, init) => {
    const response = await fetch(origin + path, init);
    return { status: response.status, headers: response.headers, body: await response.text() };
  };
  return { origin, accessLog, errors, send };
}

import { describe, expect, it } from 'vitest';
import { AwsError } from '../service-call.ts';
import { answering, methodOf, startApi } from './api-fixture.ts';

const post = (body: string, headers: Record<string, string> = {}) => ({ method: 'POST', body, headers });
const message = (text: string) => JSON.stringify({ message: text });

describe('routing', () => {
  const methods = [
    methodOf(),
    methodOf({ resourcePath: '/order/{order_id}', httpMethod: 'GET' }),
    methodOf({ resourcePath: '/order/all', httpMethod: 'GET' }),
    methodOf({ resourcePath: '/files/{path+}', httpMethod: 'ANY' }),
  ];

  it.each([
    ['POST', '/dev/order', '/order', null],
    ['GET', '/dev/order/a%20b', '/order/{order_id}', { order_id: 'a b' }],
    ['GET', '/dev/order/all', '/order/all', null],
    ['PUT', '/dev/files/a/b', '/files/{path+}', { path: 'a/b' }],
    ['GET', '/dev/order/50%', '/order/{order_id}', { order_id: '50%' }],
  ])('%s %s goes to %s', async (method, path, resource, pathParameters) => {
    const api = await startApi({ methods });

    const { body } = await api.send(path, { method });

    expect(JSON.parse(body)).toMatchObject({ resource, pathParameters, httpMethod: method });
  });

  it.each([
    ['GET', '/dev/order'],
    ['DELETE', '/dev/order/1'],
    ['POST', '/dev/nothing'],
    ['POST', '/order'],
    ['POST', '/prod/order'],
    ['POST', '/development/order'],
    ['GET', '/'],
    ['GET', '/dev/order/'],
    ['GET', '/dev/order/1/2'],
  ])('%s %s has no method', async (method, path) => {
    const api = await startApi({ methods });

    const { status, body } = await api.send(path, { method });

    expect([status, body]).toEqual([403, message('Missing Authentication Token')]);
  });
});

it('gives the function the event that API Gateway gives', async () => {
  // Prepare
  const api = await startApi({ clock: () => Date.UTC(2026, 10, 8, 9, 5, 7) });

  // Act
  const { body } = await api.send(
    '/dev/order?a=1&a=2&b=%C3%A9+x',
    post('{"ü":1}', { 'X-Custom': 'v', 'user-agent': 'me' }),
  );

  // Assess
  const event = JSON.parse(body) as Record<string, unknown> & { headers: Record<string, string> };
  expect(event).toMatchObject({
    resource: '/order',
    path: '/order',
    httpMethod: 'POST',
    queryStringParameters: { a: '2', b: 'é x' },
    multiValueQueryStringParameters: { a: ['1', '2'], b: ['é x'] },
    pathParameters: null,
    stageVariables: null,
    body: '{"ü":1}',
    isBase64Encoded: false,
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc',
      stage: 'dev',
      path: '/dev/order',
      protocol: 'HTTP/1.1',
      requestTime: '08/Nov/2026:09:05:07 +0000',
      requestTimeEpoch: 1794128707000,
      identity: { sourceIp: '127.0.0.1', userAgent: 'me' },
    },
  });
  expect(event['multiValueHeaders']).toMatchObject({ 'X-Forwarded-For': ['127.0.0.1'] });
  expect(Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value])).toContainEqual([
    'x-custom',
    'v',
  ]);
});

describe('request validation', () => {
  const schema = {
    $schema: 'http://json-schema.org/draft-04/schema#',
    type: 'object',
    required: ['quantity'],
    properties: { quantity: { type: 'integer', minimum: 0, exclusiveMinimum: true } },
  };
  const validated = (contentType: string) => ({
    methods: [methodOf({ validateBody: true, requestModels: { [contentType]: schema } })],
  });

  it.each([
    ['{"quantity":1}', 200],
    ['{"quantity":1.0}', 200],
    ['{"quantity":0}', 400],
    ['{"quantity":"1"}', 400],
    ['{}', 400],
    ['[]', 400],
    ['null', 400],
    ['{"quantity":', 400],
    ['', 400],
  ])('of %s by a $default model answers %i', async (body, expected) => {
    const api = await startApi(validated('$default'));

    for (const headers of [
      {},
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/json; charset=x' },
    ]) {
      const answer = await api.send('/dev/order', post(body, headers));

      expect(answer.status).toBe(expected);
      if (expected === 400) {
        expect(answer.body).toBe(message('Invalid request body'));
      }
    }
  });

  it('looks only at the content types that have a model', async () => {
    const api = await startApi(validated('application/json'));
    const send = (type: string) => api.send('/dev/order', post('{}', { 'content-type': type }));

    expect((await send('application/json')).status).toBe(400);
    expect((await send('application/x-www-form-urlencoded')).status).toBe(200);
  });

  it('names the parameters that are missing', async () => {
    const api = await startApi({
      methods: [
        methodOf({
          validateParameters: true,
          requestParameters: {
            'method.request.querystring.page': true,
            'method.request.header.X-Who': true,
            'method.request.querystring.size': false,
          },
        }),
      ],
    });

    expect((await api.send('/dev/order', post('{}'))).body).toBe(
      message('Missing required request parameters: [page, X-Who]'),
    );
    expect((await api.send('/dev/order?page=1', post('{}', { 'x-who': 'me' }))).status).toBe(200);
  });

  it('refuses a model that is no schema at the start', async () => {
    const methods = [
      methodOf({ validateBody: true, requestModels: { $default: { type: 'number', minimum: 'x' } } }),
    ];

    await expect(startApi({ methods })).rejects.toThrow(/the request model of POST \/order/);
  });
});

describe('what the function answers', () => {
  it('is sent with its headers and the type JSON', async () => {
    const api = await startApi({
      invoke: () =>
        answering({
          statusCode: 201,
          headers: { 'X-One': 'a', Connection: 'close' },
          multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'], 'X-Two': ['c'] },
          body: '{"é":1}',
        }),
    });

    const { status, headers, body } = await api.send('/dev/order', post('{}'));

    expect([status, body]).toEqual([201, '{"é":1}']);
    expect(headers.get('x-one')).toBe('a');
    expect(headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('x-amzn-remapped-connection')).toBe('close');
  });

  it.each([
    ['null', null],
    ['a text', 'fine'],
    ['no status', { body: 'x' }],
    ['a status that is none', { statusCode: 99 }],
    ['a body that is an object', { statusCode: 200, body: {} }],
    ['headers that are a list', { statusCode: 200, headers: ['x'] }],
    ['a header that cannot be sent', { statusCode: 200, headers: { a: 'x\ny' } }],
    ['a header that is an object', { statusCode: 200, headers: { a: {} } }],
  ])('is a 502 where it is %s', async (_, result) => {
    const api = await startApi({ invoke: () => answering(result) });

    const { status, body } = await api.send('/dev/order', post('{}'));

    expect([status, body]).toEqual([502, message('Internal server error')]);
  });
});

describe('a function that does not answer', () => {
  it.each([
    [
      'fails',
      502,
      'Internal server error',
      () =>
        Promise.resolve({
          payload: '{"errorType":"E"}',
          functionError: 'Unhandled' as const,
          billedMs: 1,
          requestId: 'r',
        }),
    ],
    [
      'is throttled',
      500,
      'Internal server error',
      () => Promise.reject(new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429)),
    ],
    [
      'finds the event too large',
      413,
      'Request Too Long',
      () => Promise.reject(new AwsError('RequestTooLargeException', 'x', 413)),
    ],
    ['takes too long', 504, 'Endpoint request timed out', () => new Promise<never>(() => undefined)],
  ])('because it %s gives %i', async (_, expected, text, invoke) => {
    const integration = {
      type: 'AWS_PROXY' as const,
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:fn',
      timeoutMs: 60,
    };
    const api = await startApi({ invoke, methods: [methodOf({ integration })] });

    const { status, body } = await api.send('/dev/order', post('{}'));

    expect([status, body]).toEqual([expected, message(text)]);
    expect(api.errors).toEqual([]);
  });

  it('for an error of the engine itself gives 500 and tells it', async () => {
    const error = new TypeError('a fault of ours');
    const api = await startApi({ invoke: () => Promise.reject(error) });

    expect((await api.send('/dev/order', post('{}'))).status).toBe(500);
    expect(api.errors).toEqual([error]);
  });
});

it('answers in the form that the stack gave its own answers', async () => {
  // Prepare
  const api = await startApi({
    gatewayResponses: [
      {
        responseType: 'DEFAULT_4XX',
        responseParameters: {
          'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
          'gatewayresponse.header.x-correlation-id': 'context.requestId',
          'gatewayresponse.header.x-from': 'method.request.header.X-From',
        },
        responseTemplates: {
          'application/json': '{"message":$context.error.messageString,"type":"$context.error.responseType"}',
        },
      },
      {
        responseType: 'MISSING_AUTHENTICATION_TOKEN',
        statusCode: 404,
        responseParameters: {},
        responseTemplates: {},
      },
    ],
    methods: [methodOf({ apiKeyRequired: true })],
  });

  // Act
  const forbidden = await api.send('/dev/order', post('{}', { 'x-from': 'me' }));
  const unknown = await api.send('/dev/nothing');

  // Assess
  expect(forbidden.body).toBe('{"message":"Forbidden","type":"INVALID_API_KEY"}');
  expect(forbidden.headers.get('access-control-allow-origin')).toBe('*');
  expect(forbidden.headers.get('x-correlation-id')).toBe(forbidden.headers.get('x-amzn-requestid'));
  expect(forbidden.headers.get('x-from')).toBe('me');
  expect([unknown.status, unknown.body]).toEqual([404, message('Missing Authentication Token')]);
});

it('answers mocks itself', async () => {
  const integration = {
    type: 'MOCK' as const,
    statusCode: 204,
    headers: { 'Access-Control-Allow-Methods': "'POST'", 'X-Id': 'context.requestId' },
  };
  const api = await startApi({ methods: [methodOf({ httpMethod: 'OPTIONS', integration })] });

  const { status, headers, body } = await api.send('/dev/order', { method: 'OPTIONS' });

  expect([status, body, headers.get('access-control-allow-methods')]).toEqual([204, '', 'POST']);
  expect(headers.get('x-id')).toBe(headers.get('x-amzn-requestid'));
});

it('writes the access log in the format of the stage', async () => {
  const format =
    '{"m":"$context.httpMethod","r":"$context.resourcePath","s":$context.status,"l":"$context.responseLength","e":"$context.error.message","x":"$context.identity.caller","i":"$context.integration.error"}';
  const api = await startApi({ accessLog: { logGroupName: 'g', format }, invoke: () => answering(null) });

  await api.send('/dev/order', post('{}'));
  await api.send('/dev/nothing');

  expect(api.accessLog.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      m: 'POST',
      r: '/order',
      s: 502,
      l: '35',
      e: 'Internal server error',
      x: '-',
      i: 'Malformed Lambda proxy response: the result is no object',
    },
    { m: 'GET', r: '-', s: 403, l: '42', e: 'Missing Authentication Token', x: '-', i: '-' },
  ]);
});

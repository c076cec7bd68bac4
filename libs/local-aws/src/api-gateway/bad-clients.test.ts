import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startApi, type ApiBench } from './api-fixture.ts';

const post = (body: string, headers: Record<string, string> = {}) => ({ method: 'POST', body, headers });
const message = (text: string) => JSON.stringify({ message: text });

describe('bad clients', () => {
  it('with a body over 10 MB get 413, also without a Content-Length', async () => {
    const api = await startApi({});
    const large = 'x'.repeat(10_485_761);
    const stream = new Blob([large]).stream();

    const answers = [
      await api.send('/dev/order', post(large)),
      await api.send('/dev/order', { method: 'POST', body: stream, duplex: 'half' }),
    ];

    for (const { status, body } of answers) {
      expect([status, body]).toEqual([413, message('Request Too Long')]);
    }
    expect((await api.send('/dev/order', post('x'.repeat(10_485_760)))).status).toBe(200);
  });

  it.each([
    ['no HTTP at all', 'garbage\r\n\r\n', '400 Bad Request'],
    [
      'headers over 10 KB',
      `GET /dev/order HTTP/1.1\r\nHost: x\r\na: ${'x'.repeat(11_000)}\r\n\r\n`,
      '431 Request Header Fields Too Large',
    ],
  ])('with %s are told so, and the next one is served', async (_, text, status) => {
    const api = await startApi({});

    expect(await spoken(api, text)).toContain(`HTTP/1.1 ${status}`);
    expect((await api.send('/dev/order', post('{}'))).status).toBe(200);
  });

  it('that hang up halfway do no harm', async () => {
    const api = await startApi({});
    const socket = connect(Number(new URL(api.origin).port), '127.0.0.1');
    socket.write('POST /dev/order HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"a":', () =>
      socket.destroy(),
    );
    await new Promise((resolve) => socket.on('close', resolve));

    expect((await api.send('/dev/order', post('{}'))).status).toBe(200);
    expect(api.errors).toEqual([]);
  });
});

function spoken(api: ApiBench, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(new URL(api.origin).port), '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

it.each([
  ['/dev/order?constructor=1&__proto__=2', {}],
  ['/dev/order', { constructor: 'x' }],
])('passes on what is named like a part of every object: %s %j', async (path, headers) => {
  // Prepare
  const api = await startApi({});

  // Act
  const { status, body } = await api.send(path, { method: 'POST', headers: Object.entries(headers) });

  // Assess
  const event = JSON.parse(body) as Record<string, Record<string, unknown> | null>;
  expect(status).toBe(200);
  expect(Object.keys(event['multiValueQueryStringParameters'] ?? {})).toEqual(
    path.includes('?') ? ['constructor', '__proto__'] : [],
  );
  expect(Object.keys(event['multiValueHeaders'] ?? {})).toEqual(expect.arrayContaining(Object.keys(headers)));
  expect(api.errors).toEqual([]);
});

it('answers its own defect in the form of all its answers', async () => {
  // Prepare
  const api = await startApi({
    invoke: () => Promise.reject(new TypeError('a defect')),
    gatewayResponses: [
      {
        responseType: 'DEFAULT_5XX',
        responseParameters: { 'gatewayresponse.header.x-correlation-id': 'context.requestId' },
        responseTemplates: {},
      },
    ],
  });

  // Act
  const { status, body, headers } = await api.send('/dev/order', { method: 'POST' });

  // Assess
  expect([status, body]).toEqual([500, '{"message":"Internal server error"}']);
  expect(headers.get('x-correlation-id')).toBe(headers.get('x-amzn-requestid'));
  expect(api.errors).toHaveLength(1);
});

import { describe, expect, it } from 'vitest';
import { methodOf, startApi } from './api-fixture.ts';

const post = (body: string, headers: Record<string, string> = {}) => ({ method: 'POST', body, headers });
const message = (text: string) => JSON.stringify({ message: text });

describe('permission to invoke the function', () => {
  const arn = 'arn:aws:execute-api:us-east-1:123456789012:abc';
  const permission = {
    functionName: 'fn',
    action: 'lambda:InvokeFunction',
    principal: 'apigateway.amazonaws.com',
  };

  it.each([
    ['for this very method', [{ ...permission, sourceArn: `${arn}/dev/GET/order/*` }], 200],
    ['for any source', [permission], 200],
    ['for another method', [{ ...permission, sourceArn: `${arn}/dev/POST/order/*` }], 500],
    ['for another function', [{ ...permission, functionName: 'other' }], 500],
    ['for another service', [{ ...permission, principal: 'sns.amazonaws.com' }], 500],
    ['for nobody', [], 500],
  ])('%s: %#', async (_, permissions, expected) => {
    const methods = [methodOf({ resourcePath: '/order/{order_id}', httpMethod: 'GET' })];
    const api = await startApi({ methods, permissions });

    expect((await api.send('/dev/order/1')).status).toBe(expected);
  });
});

describe('who may call', () => {
  it('with an API key: only those who have one', async () => {
    const api = await startApi({ methods: [methodOf({ apiKeyRequired: true })], apiKeys: ['k'] });

    expect((await api.send('/dev/order', post('{}'))).body).toBe(message('Forbidden'));
    expect((await api.send('/dev/order', post('{}', { 'x-api-key': 'other' }))).status).toBe(403);
    expect((await api.send('/dev/order', post('{}', { 'x-api-key': 'k' }))).status).toBe(200);
  });

  it('with AWS_IAM: only those who sign', async () => {
    const api = await startApi({ methods: [methodOf({ authorization: 'AWS_IAM' })] });

    expect((await api.send('/dev/order', post('{}'))).body).toBe(message('Missing Authentication Token'));
    expect(
      (await api.send('/dev/order', post('{}', { authorization: 'AWS4-HMAC-SHA256 Credential=x' }))).status,
    ).toBe(200);
  });

  it('with a throttle: no more than the burst, then at the rate', async () => {
    let now = 0;
    const api = await startApi({ throttling: { rateLimit: 10, burstLimit: 2 }, clock: () => now });
    const statuses = async (count: number) => {
      const seen: number[] = [];
      for (let index = 0; index < count; index += 1) {
        seen.push((await api.send('/dev/order', post('{}'))).status);
      }
      return seen;
    };

    expect(await statuses(3)).toEqual([200, 200, 429]);
    now += 100;
    expect(await statuses(2)).toEqual([200, 429]);
  });
});

import type { ApiDescription, ApiMethod } from '@dofs/local-aws/stack-description';
import { expect, it } from 'vitest';
import { accessOptions } from './greeting.ts';

const METHOD: ApiMethod = {
  resourcePath: '/order',
  httpMethod: 'POST',
  authorization: 'NONE',
  apiKeyRequired: false,
  requestModels: {},
  validateBody: false,
  validateParameters: false,
  requestParameters: {},
  integration: { type: 'MOCK', statusCode: 200, headers: {} },
};
const api = (method: Partial<ApiMethod>): ApiDescription => ({
  id: 'abc',
  name: 'shop',
  executionArn: 'arn:aws:execute-api:us-east-1:123456789012:abc',
  stageName: 'dev',
  methods: [{ ...METHOD, ...method }],
  gatewayResponses: [],
  apiKeys: ['key-1'],
});

it.each([
  [{}, ''],
  [{ apiKeyRequired: true }, " -H 'x-api-key: key-1'"],
  [{ authorization: 'AWS_IAM' } as const, ' --aws-sigv4 aws:amz:us-east-1:execute-api --user local:local'],
])('the curl line to copy carries what the API asks for: %j', (method, expected) => {
  expect(accessOptions([api(method)], 'us-east-1')).toBe(expected);
});

import { describe, expect, it } from 'vitest';
import type { FaultType } from '../api-gateway/gateway-fault.ts';
import type { MeteredRequest } from '../meter/meter.ts';
import { countRequest } from './count-request.ts';

const LOGGED = { logGroupName: '/aws/apigateway/shop', message: 'r' };

function counted(fault: FaultType | undefined): MeteredRequest[] {
  const requests: MeteredRequest[] = [];
  const request = { httpMethod: 'POST', path: '/dev/thing' };
  const facts = {
    request,
    route: { method: { resourcePath: '/thing' } },
    fault: fault && { type: fault },
  };
  countRequest({ apiRequest: (one) => requests.push(one) }, 'shop', {
    answer: { body: '' },
    facts,
    accessLog: LOGGED,
  });
  return requests;
}

describe('a request to the API', () => {
  it.each([undefined, 'BAD_REQUEST_BODY', 'BAD_GATEWAY', 'INTEGRATION_TIMEOUT'] as const)(
    'is billed: %s',
    (fault) => {
      // Assess
      expect(counted(fault)).toEqual([
        { apiName: 'shop', route: 'POST /thing', isBilled: true, accessLog: LOGGED },
      ]);
    },
  );

  it.each(['MISSING_AUTHENTICATION_TOKEN', 'INVALID_API_KEY', 'THROTTLED'] as const)(
    'is not billed: %s',
    (fault) => {
      // Assess
      expect(counted(fault)).toMatchObject([{ isBilled: false }]);
    },
  );
});

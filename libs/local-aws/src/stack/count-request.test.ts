import { describe, expect, it } from 'vitest';
import type { FaultType } from '../api-gateway/gateway-fault.ts';
import type { MeteredRequest } from '../meter/meter.ts';
import { countRequest } from './count-request.ts';

function counted(fault: FaultType | undefined): MeteredRequest[] {
  const requests: MeteredRequest[] = [];
  const request = { httpMethod: 'POST', path: '/dev/thing', requestId: 'r' };
  const facts = {
    request,
    route: { method: { resourcePath: '/thing' } },
    fault: fault && { type: fault },
  };
  countRequest({ apiRequest: (one) => requests.push(one) }, 'shop', { answer: { body: '' }, facts });
  return requests;
}

describe('a request to the API', () => {
  it.each([undefined, 'BAD_REQUEST_BODY', 'BAD_GATEWAY', 'INTEGRATION_TIMEOUT'] as const)(
    'is billed: %s',
    (fault) => {
      // Assess
      expect(counted(fault)).toEqual([
        { apiName: 'shop', route: 'POST /thing', requestId: 'r', isBilled: true },
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

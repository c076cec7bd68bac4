import { unknownOperation } from '../dispatch.ts';
import { callerArn } from '../iam/access-interceptor.ts';
import type { Principal, Service } from '../service-call.ts';

/** STS, as far as `aws sts get-caller-identity` goes. */
export function createSts(accountId: string): Service {
  return {
    name: 'sts',
    call({ operation, principal }) {
      return operation === 'GetCallerIdentity'
        ? Promise.resolve({ UserId: userId(principal), Account: accountId, Arn: arnOf(principal, accountId) })
        : Promise.reject(unknownOperation('sts', operation));
    },
    resourceArns: () => ['*'],
  };
}

function userId(principal: Principal): string {
  return principal.kind === 'operator' ? 'AIDALOCALOPERATOR' : `AROALOCALROLE:${principal.user}`;
}

function arnOf(principal: Principal, accountId: string): string {
  return principal.kind === 'operator' ? `arn:aws:iam::${accountId}:user/operator` : callerArn(principal);
}

import { createHash } from 'node:crypto';
import type { CredentialIssuer, Credentials } from '../engines.ts';
import type { Principal } from '../service-call.ts';

export interface Identities extends CredentialIssuer {
  /** Whoever the access key id stands for; the operator where nobody got that key from us. */
  principalOf(accessKeyId: string | undefined): Principal;
}

const OPERATOR: Principal = { kind: 'operator' };

/** Remembers which access key id stands for whom. */
export function createIdentities(): Identities {
  const principals = new Map<string, Principal>();
  return {
    credentialsFor(principal) {
      const credentials = credentialsOf(principal);
      principals.set(credentials.accessKeyId, principal);
      return credentials;
    },
    principalOf: (accessKeyId) => principals.get(accessKeyId ?? '') ?? OPERATOR,
  };
}

/** Derived, not drawn: nothing to store, and the same after a restart. Signatures are not checked on this machine. */
function credentialsOf(principal: Principal): Credentials {
  const subject =
    principal.kind === 'operator'
      ? 'operator'
      : `${principal.roleArn} ${principal.user} ${principal.instance ?? ''}`;
  const digest = createHash('sha256').update(subject).digest('hex');
  return {
    // ASIA is how AWS's temporary keys begin; they are 20 characters long.
    accessKeyId: `ASIA${digest.slice(0, 16).toUpperCase()}`,
    secretAccessKey: digest.slice(16, 56),
    sessionToken: digest,
  };
}

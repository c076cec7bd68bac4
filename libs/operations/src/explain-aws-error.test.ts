import { describe, expect, it } from 'vitest';
import { explainAwsError } from './explain-aws-error.ts';
import { OperationError } from './operation-error.ts';

const ENDPOINT = 'http://127.0.0.1:1';
const withCode = (code: string) => Object.assign(new Error(code), { code });
const named = (name: string) => Object.assign(new Error('as the SDK says'), { name });

describe('an error of the AWS SDK', () => {
  it.each([
    ['ENETUNREACH', withCode('ENETUNREACH'), 'unreachable', "can't be reached"],
    ['TLS to a plain port', withCode('EPROTO'), 'unreachable', 'does not speak AWS'],
    ['a certificate of nobody', withCode('DEPTH_ZERO_SELF_SIGNED_CERT'), 'unreachable', 'does not speak AWS'],
    ['one that is over', withCode('CERT_HAS_EXPIRED'), 'unreachable', 'does not speak AWS'],
    ['of another host', withCode('ERR_TLS_CERT_ALTNAME_INVALID'), 'unreachable', 'does not speak AWS'],
    ['an unknown issuer', withCode('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'unreachable', 'does not speak AWS'],
    ['HTML', new SyntaxError("Unexpected token '<'"), 'unreachable', 'does not speak AWS'],
    ['HTML for XML', new Error('Deserialization error: to see'), 'unreachable', 'does not speak AWS'],
    ['no answer', named('TimeoutError'), 'timeout', 'did not answer'],
    ['a profile that does not exist', named('CredentialsProviderError'), 'credentials', 'as the SDK says'],
  ])('is one line for people: %s', (_, error, kind, said) => {
    // Act
    const explained = explainAwsError(error, ENDPOINT);

    // Assess
    expect(explained).toBeInstanceOf(OperationError);
    expect(explained).toMatchObject({ kind, message: expect.stringContaining(said) as string });
    expect(explained).toMatchObject({ message: expect.not.stringContaining('\n') as string });
  });

  it('that nobody knows stays as it is, as it is a bug', () => {
    // Prepare
    const error = new TypeError('undefined is no function');

    // Assess
    expect(explainAwsError(error, ENDPOINT)).toBe(error);
  });
});

import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { AwsClient } from 'aws4fetch';
import { withAwsErrors } from './aws-call.ts';
import { OperationError } from './operation-error.ts';
import type { Target } from './target.ts';

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * One request to an API whose methods ask for AWS_IAM authorization, signed (Signature Version 4) with the target's
 * or the environment's credentials.
 * @throws OperationError `credentials` where there are none, or no region
 */
export async function signedFetch(target: Target, url: string, init: RequestInit): Promise<Response> {
  const { region } = target;
  if (region === undefined) {
    throw new OperationError(
      'credentials',
      'a signature needs the region',
      'pass --region or set AWS_REGION',
    );
  }
  const credentials: Credentials =
    target.credentials ?? (await withAwsErrors(target, () => defaultProvider()()));
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    region,
    service: 'execute-api',
    retries: 0,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  });
  return client.fetch(url, init);
}

import { resourcesOf, type Rule } from './stack-json.ts';

const NEEDED = {
  aws_s3_bucket_public_access_block: 'can be made public',
  aws_s3_bucket_server_side_encryption_configuration: 'has no encryption of its own',
  aws_s3_bucket_versioning: 'forgets what is overwritten',
  aws_s3_bucket_policy: 'can be read without TLS',
};

/** Each bucket has what keeps it private. */
export const bucketsAreSafe: Rule = (stack) =>
  resourcesOf(stack, 'aws_s3_bucket').flatMap(({ address }) =>
    Object.entries(NEEDED)
      .filter(([type]) => !resourcesOf(stack, type).some(({ args }) => refersTo(args['bucket'], address)))
      .map(([type, lack]) => `${address}: ${lack}; add a ${type}`),
  );

function refersTo(reference: unknown, address: string): boolean {
  return typeof reference === 'string' && reference.startsWith(`\${${address}.`);
}

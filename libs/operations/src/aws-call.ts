import { explainAwsError } from './explain-aws-error.ts';
import type { Target } from './target.ts';

/** Runs calls to AWS; what they throw becomes an error for people. */
export async function withAwsErrors<T>(target: Target, calls: () => Promise<T>): Promise<T> {
  try {
    return await calls();
  } catch (error) {
    throw explainAwsError(error, target.awsEndpoint);
  }
}

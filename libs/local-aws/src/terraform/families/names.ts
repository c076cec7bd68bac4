import { createHash } from 'node:crypto';
import type { Resource, StackContext } from '../resource.ts';
import { optionalText } from '../resource.ts';

/**
 * The resource's name; where the stack leaves it to AWS, one that follows from the address, so that it is the
 * same at every start.
 * @param argument the argument that holds the name
 */
export function nameOf(resource: Resource, argument = 'name'): string {
  const name = optionalText(resource, argument);
  if (name !== undefined) {
    return name;
  }
  const prefix = optionalText(resource, `${argument}_prefix`);
  return prefix === undefined ? `terraform-${localId(resource, 26)}` : `${prefix}${localId(resource, 26)}`;
}

/** An id such as AWS makes up, but the same at every start. */
export function localId(resource: Resource, length: number): string {
  const digest = createHash('sha256').update(resource.address).digest();
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return [...digest]
    .map((byte) => alphabet.charAt(byte % alphabet.length))
    .join('')
    .slice(0, length);
}

/** A UUID that follows from the address. */
export function localUuid(resource: Resource): string {
  const hex = createHash('sha256').update(resource.address).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

/** `arn:aws:<service>:<region>:<account>:<rest>` */
export function regionalArn(context: StackContext, service: string, rest: string): string {
  return `arn:${context.partition}:${service}:${context.region}:${context.accountId}:${rest}`;
}

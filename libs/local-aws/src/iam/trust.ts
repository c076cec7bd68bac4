import type { RoleDescription, StackDescription } from '../stack-description.ts';
import { statementsOf } from './policy-evaluator.ts';

/** A role is used by a service that its trust policy doesn't name. */
export class RoleNotAssumableError extends Error {
  override readonly name = 'RoleNotAssumableError';
}

/**
 * Checks that Lambda may assume each function's role, Step Functions each state machine's and EventBridge each
 * schedule's, as AWS does when they are created.
 * @throws RoleNotAssumableError with AWS's own wording, plus the role
 */
export function checkTrust(description: StackDescription): void {
  const roles = new Map(description.roles.map((role) => [role.arn, role]));
  const check = (roleArn: string, services: readonly string[], message: string) => {
    const role = roles.get(roleArn);
    if (role === undefined || !services.some((service) => trusts(role, service))) {
      throw new RoleNotAssumableError(`${message}: ${roleArn} (its trust policy must name ${services[0]})`);
    }
  };
  for (const { name, roleArn } of description.functions) {
    check(
      roleArn,
      ['lambda.amazonaws.com'],
      `function ${name}: The role defined for the function cannot be assumed by Lambda`,
    );
  }
  for (const { name, roleArn } of description.stateMachines) {
    check(
      roleArn,
      ['states.amazonaws.com', `states.${description.region}.amazonaws.com`],
      `state machine ${name}: Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role`,
    );
  }
  for (const { name, roleArn } of description.schedules) {
    if (roleArn !== undefined) {
      check(
        roleArn,
        ['scheduler.amazonaws.com', 'events.amazonaws.com'],
        `schedule ${name}: EventBridge can't assume the role`,
      );
    }
  }
}

function trusts(role: RoleDescription, service: string): boolean {
  const naming = statementsOf(role.assumeRolePolicy).filter(
    (statement) =>
      [statement.Action ?? []].flat().includes('sts:AssumeRole') &&
      servicesOf(statement.Principal).includes(service),
  );
  return naming.length > 0 && naming.every(({ Effect }) => Effect === 'Allow');
}

function servicesOf(principal: unknown): readonly string[] {
  if (typeof principal !== 'object' || principal === null || !('Service' in principal)) {
    return [];
  }
  return [principal.Service].flat() as readonly string[];
}

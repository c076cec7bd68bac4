import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { rolePath } from '../../names.ts';
import type { GlobalContext } from '../../stacks/context.ts';
import { policyOf, trustPolicyOf, type Permission } from '../iam/policy.ts';

/** A role of the account's tooling: it makes the environments, so their boundary is not for it. */
export function pipelineRole(
  { stack, project }: GlobalContext,
  id: string,
  service: string,
  permissions: readonly Permission[],
): IamRole {
  const role = new IamRole(stack, `${id}_role`, {
    name: `${project.projectName}-${id.replaceAll('_', '-')}-role`,
    path: rolePath(project.projectName),
    assumeRolePolicy: trustPolicyOf(service),
  });
  new IamRolePolicy(stack, `${id}_policy`, {
    name: 'permissions',
    role: role.name,
    policy: policyOf(permissions),
  });
  return role;
}

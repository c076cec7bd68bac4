import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { PIPELINE_OF } from '../../config/environment-names.ts';
import type { Context } from '../../stacks/context.ts';
import { boundaryName, rolePath } from '../../names.ts';
import { policyOf, trustPolicyOf, type Permission } from './policy.ts';

/** A role for one service to do exactly these things, under the project's path and its pipeline's boundary. */
export function serviceRole(
  context: Context,
  id: string,
  service: string,
  permissions: readonly Permission[],
): { readonly role: IamRole; readonly policy: IamRolePolicy } {
  const { stack, names, project, account, environment } = context;
  const role = new IamRole(stack, `${id}_role`, {
    name: names.of(`${id.replaceAll('_', '-')}-role`),
    path: rolePath(project.projectName),
    assumeRolePolicy: trustPolicyOf(service),
    ...(project.permissionsBoundary
      ? {
          permissionsBoundary:
            `arn:${account.partition}:iam::${account.id}:policy${rolePath(project.projectName)}` +
            boundaryName(project.projectName, PIPELINE_OF[environment]),
        }
      : {}),
  });
  const policy = new IamRolePolicy(stack, `${id}_policy`, {
    name: 'permissions',
    role: role.name,
    policy: policyOf(permissions),
  });
  return { role, policy };
}

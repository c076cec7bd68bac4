import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
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

/**
 * Further permissions of a role, as a policy of their own: those inside a role end at 10,240 characters together, one
 * policy outside at 6,144 (AWS: "IAM and AWS STS quotas").
 */
export function attachPolicy(
  { stack, project }: GlobalContext,
  id: string,
  role: IamRole,
  permissions: readonly Permission[],
): void {
  const policy = new IamPolicy(stack, id, {
    name: `${project.projectName}-${id.replaceAll('_', '-')}`,
    path: rolePath(project.projectName),
    policy: policyOf(permissions),
  });
  new IamRolePolicyAttachment(stack, `${id}_attachment`, { role: role.name, policyArn: policy.arn });
}

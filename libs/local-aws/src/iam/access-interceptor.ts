import {
  AwsError,
  type Interceptor,
  type Principal,
  type Service,
  type ServiceCall,
} from '../service-call.ts';
import type { RoleDescription } from '../stack-description.ts';
import { compilePolicies, type Decision } from './policy-evaluator.ts';

/** Operations that are allowed by another name than their own. */
const ACTION_OF: Readonly<Record<string, string>> = {
  'lambda:Invoke': 'lambda:InvokeFunction',
  'sqs:SendMessageBatch': 'sqs:SendMessage',
  'sqs:DeleteMessageBatch': 'sqs:DeleteMessage',
  'sqs:ChangeMessageVisibilityBatch': 'sqs:ChangeMessageVisibility',
};

/** What IAM lets anybody do. */
const ALWAYS_ALLOWED = new Set(['sts:GetCallerIdentity']);

/**
 * Lets a role's calls pass only where its policies allow them. Operators may do everything.
 * @param services say which resources a call acts on
 * @throws PolicyNotSupportedError at once, for a policy that can't be judged here
 */
export function createAccessInterceptor(
  roles: readonly RoleDescription[],
  services: readonly Service[],
): Interceptor {
  const evaluators = new Map(roles.map((role) => [role.arn, compilePolicies(role)]));
  const byName = new Map(services.map((service) => [service.name, service]));
  return (call, next) => {
    if (call.principal.kind === 'role') {
      const evaluate = evaluators.get(call.principal.roleArn) ?? (() => 'implicitly denied' as const);
      const action = actionOf(call);
      const resources = byName.get(call.service)?.resourceArns(call) ?? ['*'];
      for (const resource of resources) {
        const decision = ALWAYS_ALLOWED.has(action) ? 'allowed' : evaluate(action, resource);
        if (decision !== 'allowed') {
          return Promise.reject(accessDenied(call, call.principal, action, resource, decision));
        }
      }
    }
    return next(call);
  };
}

function actionOf({ service, operation }: ServiceCall): string {
  const name = `${service}:${operation}`;
  return ACTION_OF[name] ?? name;
}

function accessDenied(
  call: ServiceCall,
  principal: Principal & { kind: 'role' },
  action: string,
  resource: string,
  decision: Decision,
): AwsError {
  const why =
    decision === 'explicitly denied'
      ? `with an explicit deny in an identity-based policy`
      : `because no identity-based policy allows the ${action} action`;
  // SQS and Lambda answer 403, the other services 400.
  const statusCode = call.service === 'sqs' || call.service === 'lambda' ? 403 : 400;
  return new AwsError(
    'AccessDeniedException',
    `User: ${callerArn(principal)} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
    statusCode,
  );
}

/** `arn:aws:sts::123456789012:assumed-role/<role>/<function>`, who the caller is to AWS. */
export function callerArn({ roleArn, user }: Principal & { kind: 'role' }): string {
  const [, partition, , , account, resource = ''] = roleArn.split(':');
  const roleName = resource.split('/').at(-1) ?? resource;
  return `arn:${partition}:sts::${account}:assumed-role/${roleName}/${user}`;
}

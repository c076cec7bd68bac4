import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import type { EnvironmentOf, LambdaName } from '@dofs/lambda-kit/environment';
import type { Context } from '../../stacks/context.ts';
import { NETWORK_INTERFACE_ACTIONS, TRACE_ACTIONS } from '../iam/actions-without-resource.ts';
import type { Permission } from '../iam/policy.ts';
import { serviceRole } from '../iam/service-role.ts';
import { logGroup } from '../log-group.ts';
import { bundleOf } from './bundle.ts';

export interface FunctionOptions<Name extends LambdaName> {
  readonly name: Name;
  readonly timeoutSeconds: number;
  readonly environment: EnvironmentOf<Name>;
  /** What its code may do, beyond its own log and traces. */
  readonly permissions: readonly Permission[];
}

/** One function: its log group, its role for exactly its calls, and its bundle. */
export function lambdaFunction<Name extends LambdaName>(
  context: Context,
  options: FunctionOptions<Name>,
): LambdaFunction {
  const { stack, names, settings } = context;
  const id = options.name.replaceAll('-', '_');
  const functionName = names.of(options.name);
  const logs = logGroup(context, `${id}_logs`, `/aws/lambda/${functionName}`);
  const { role, policy } = serviceRole(context, id, 'lambda.amazonaws.com', [
    ...options.permissions,
    ...runtimePermissions(context, logs),
  ]);
  const bundle = bundleOf(stack, options.name);
  return new LambdaFunction(stack, id, {
    functionName,
    role: role.arn,
    runtime: settings.lambdaRuntime,
    architectures: [settings.lambdaArchitecture],
    handler: 'index.handler',
    filename: bundle.filename,
    sourceCodeHash: bundle.sourceCodeHash,
    memorySize: settings.lambdaMemorySize,
    timeout: options.timeoutSeconds,
    environment: { variables: options.environment },
    tracingConfig: { mode: 'Active' },
    ...(settings.kmsKeyArn === '' ? {} : { kmsKeyArn: settings.kmsKeyArn }),
    ...(settings.vpcSubnetIds.length === 0
      ? {}
      : {
          vpcConfig: { subnetIds: settings.vpcSubnetIds, securityGroupIds: settings.vpcSecurityGroupIds },
        }),
    // Without its permissions the first invocation would fail, and a function in a VPC could not be made at all.
    dependsOn: [policy],
  });
}

/** What the Lambda service itself does in a function's name. */
function runtimePermissions({ settings }: Context, logs: CloudwatchLogGroup): readonly Permission[] {
  return [
    {
      sid: 'WriteLogs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      // The streams of this one group.
      resources: [`${logs.arn}:*`],
    },
    {
      // AWS ties traces to no resource: "*" is the only value that works.
      sid: 'Trace',
      actions: TRACE_ACTIONS,
      resources: ['*'],
    },
    ...(settings.vpcSubnetIds.length === 0
      ? []
      : [
          {
            sid: 'ManageNetworkInterfaces',
            actions: NETWORK_INTERFACE_ACTIONS,
            resources: ['*'],
          },
        ]),
  ];
}

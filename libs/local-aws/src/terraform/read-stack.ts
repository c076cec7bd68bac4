import type { StackDescription } from '../stack-description.ts';
import { describeApis } from './families/api-gateway.ts';
import { apiGatewayTypes } from './families/api-gateway-types.ts';
import { environmentTypes } from './families/environment.ts';
import {
  describeEventSourceMappings,
  describeFunctions,
  describePermissions,
  functionTypes,
} from './families/functions.ts';
import { describeRoles, iamTypes } from './families/iam.ts';
import { describeLogGroups, logTypes } from './families/logs.ts';
import { describeQueues, queueTypes } from './families/queues.ts';
import { describeSchedules, scheduleTypes } from './families/schedules.ts';
import { describeStateMachines, stepFunctionsTypes } from './families/step-functions.ts';
import { describeTables, tableTypes } from './families/tables.ts';
import { notHonouredIn } from './not-honoured.ts';
import { createResolver } from './resolver.ts';
import type { ResourceTypes } from './resource.ts';
import { readTerraformFile } from './terraform-file.ts';

const RESOURCE_TYPES: ResourceTypes = {
  ...tableTypes,
  ...queueTypes,
  ...functionTypes,
  ...stepFunctionsTypes,
  ...logTypes,
  ...iamTypes,
  ...scheduleTypes,
  ...apiGatewayTypes,
  ...environmentTypes,
};

/**
 * Reads a synthesized stack as the local engines need it. Its URLs stand on placeholder hosts until
 * `withEndpoints` (endpoints.ts) puts this machine's in.
 * @param stackDir the folder of its `cdk.tf.json`; assets are relative to it
 * @throws StackError naming the address and the expression that can't be read
 */
export function readStack(stackDir: string): StackDescription {
  const file = readTerraformFile(stackDir);
  const resolver = createResolver(file, RESOURCE_TYPES, stackDir);
  const { context } = resolver;
  return {
    region: context.region,
    accountId: context.accountId,
    tables: describeTables(context),
    queues: describeQueues(context),
    functions: describeFunctions(context),
    functionPermissions: describePermissions(context),
    eventSourceMappings: describeEventSourceMappings(context),
    stateMachines: describeStateMachines(context),
    schedules: describeSchedules(context),
    apis: describeApis(context),
    logGroups: describeLogGroups(context),
    roles: describeRoles(context),
    outputs: Object.fromEntries(
      Object.entries(file.outputs).map(([name, value]) => [name, resolver.resolve(value, `output.${name}`)]),
    ),
    notHonoured: resolver.resources.flatMap((resource) => notHonouredIn(resource, RESOURCE_TYPES)),
  };
}

import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { TerraformOutput, TerraformStack, type App } from 'cdktf';
import type { EnvironmentConfig, ProjectConfig } from '../config/environment-config.ts';
import type { EnvironmentName } from '../config/environment-names.ts';
import { createApi, type Api } from '../modules/api-gateway/api-gateway.ts';
import { createTables, type Tables } from '../modules/dynamodb/tables.ts';
import {
  createOuterFunctions,
  createWorkflowFunctions,
  type OuterFunctions,
  type WorkflowFunctions,
} from '../modules/lambdas/lambdas.ts';
import { createMonitoring, type TimedFunction } from '../modules/monitoring/monitoring.ts';
import { createQueues, type Queues } from '../modules/sqs/queues.ts';
import { createWorkflow, type Workflow } from '../modules/step-functions/state-machine.ts';
import { namesOf } from '../names.ts';
import { useBackend, type StateBackend } from './backend.ts';
import type { Context } from './context.ts';
import { awsProvider } from './provider.ts';

export interface EnvironmentStackOptions {
  readonly environment: EnvironmentName;
  readonly project: ProjectConfig;
  readonly settings: EnvironmentConfig;
  readonly backend: StateBackend;
}

/** One environment: everything from the API to the two tables. */
export function environmentStack(app: App, options: EnvironmentStackOptions): TerraformStack {
  const { environment, project, settings } = options;
  const names = namesOf(project.projectName, environment);
  const stack = new TerraformStack(app, names.prefix);
  useBackend(stack, names.prefix, project, options.backend);
  const account = awsProvider(stack, project, { Environment: environment });
  const context: Context = { stack, environment, names, project, settings, account };

  const tables = createTables(context);
  const queues = createQueues(context);
  const workflowFunctions = createWorkflowFunctions(context, tables, queues);
  const workflow = createWorkflow(context, workflowFunctions, queues);
  const functions = createOuterFunctions(context, { tables, queues, workflow });
  const api = createApi(context, functions.apiHandler);

  createMonitoring(context, {
    api,
    workflow,
    queues,
    tables,
    functions: timedFunctions(settings, { ...workflowFunctions, ...functions }),
    sweep: functions.stuckOrderSweep,
  });
  addOutputs(context, { api, tables, queues, workflow, functions });
  return stack;
}

function timedFunctions(
  settings: EnvironmentConfig,
  functions: WorkflowFunctions & OuterFunctions,
): readonly TimedFunction[] {
  const { lambdaTimeoutSeconds, fulfillmentTimeoutSeconds, sweepTimeoutSeconds } = settings;
  const timed = (name: string, lambda: LambdaFunction, timeoutSeconds: number) => ({
    name,
    lambda,
    timeoutSeconds,
  });
  return [
    timed('api-handler', functions.apiHandler, lambdaTimeoutSeconds),
    timed('validator', functions.validator, lambdaTimeoutSeconds),
    timed('order-storage', functions.orderStorage, lambdaTimeoutSeconds),
    timed('fulfill-order', functions.fulfillOrder, fulfillmentTimeoutSeconds),
    timed('dlq-handler', functions.dlqHandler, fulfillmentTimeoutSeconds),
    timed('stuck-order-sweep', functions.stuckOrderSweep, sweepTimeoutSeconds),
  ];
}

interface Parts {
  readonly api: Api;
  readonly tables: Tables;
  readonly queues: Queues;
  readonly workflow: Workflow;
  readonly functions: OuterFunctions;
}

function addOutputs({ stack, names, project, settings }: Context, parts: Parts): void {
  const outputs: Record<string, unknown> = {
    api_gateway_url: parts.api.stage.invokeUrl,
    api_gateway_id: parts.api.restApi.id,
    api_handler_function_name: parts.functions.apiHandler.functionName,
    orders_table_name: parts.tables.orders.name,
    failed_orders_table_name: parts.tables.failedOrders.name,
    order_queue_url: parts.queues.orderQueue.url,
    order_dlq_url: parts.queues.orderDlq.url,
    state_machine_arn: parts.workflow.stateMachine.arn,
    environment_info: {
      project_name: project.projectName,
      environment: names.stage,
      region: project.region,
      workflow_type: settings.workflowType,
      lambda_memory_size: settings.lambdaMemorySize,
      fulfillment_success_rate: settings.fulfillmentSuccessRate,
    },
  };
  if (parts.api.apiKeyId !== undefined) {
    // Of the key, not the key: the pipeline's smoke test reads it by this.
    outputs['api_key_id'] = parts.api.apiKeyId;
  }
  for (const [name, value] of Object.entries(outputs)) {
    new TerraformOutput(stack, name, { value });
  }
}

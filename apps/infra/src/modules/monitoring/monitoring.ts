import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js';
import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription/index.js';
import type { Context } from '../../stacks/context.ts';
import type { Api } from '../api-gateway/api-gateway.ts';
import type { Tables } from '../dynamodb/tables.ts';
import type { Queues } from '../sqs/queues.ts';
import type { Workflow } from '../step-functions/state-machine.ts';
import { createAlarm } from './alarm.ts';
import { alarmsOf } from './alarms.ts';
import { dashboardBody } from './dashboard.ts';

/** A function with what its alarms need to know. */
export interface TimedFunction {
  /** `api-handler` */
  readonly name: string;
  readonly lambda: LambdaFunction;
  readonly timeoutSeconds: number;
}

export interface MonitoredParts {
  readonly api: Api;
  readonly workflow: Workflow;
  readonly queues: Queues;
  readonly tables: Tables;
  readonly functions: readonly TimedFunction[];
  readonly sweep: LambdaFunction;
}

/** The topic that alarms tell, the alarms, and a dashboard from request to outcome. */
export function createMonitoring(context: Context, parts: MonitoredParts): void {
  const { stack, names, settings } = context;
  const topic = new SnsTopic(stack, 'alerts', {
    name: names.of('alerts'),
    // SNS's own key can't be used by CloudWatch, so without a customer-managed key there is none.
    ...(settings.kmsKeyArn === '' ? {} : { kmsMasterKeyId: settings.kmsKeyArn }),
  });
  if (settings.alertEmail !== '') {
    new SnsTopicSubscription(stack, 'alerts_email', {
      topicArn: topic.arn,
      protocol: 'email',
      endpoint: settings.alertEmail,
    });
  }
  const alarms = alarmsOf(context, parts).map((definition) => createAlarm(context, topic.arn, definition));
  new CloudwatchDashboard(stack, 'dashboard', {
    dashboardName: names.of('orders'),
    dashboardBody: JSON.stringify(
      dashboardBody(
        context,
        parts,
        alarms.map(({ arn }) => arn),
      ),
    ),
  });
}

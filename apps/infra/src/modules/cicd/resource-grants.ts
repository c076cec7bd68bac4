const TAGGING = ['TagResource', 'UntagResource'];

/** Actions on one kind of resource. */
export interface ResourceGrant {
  readonly sid: string;
  readonly service: string;
  readonly actions: readonly string[];
  /** The end of an ARN, after the account; `prefix` is the environment's. */
  readonly resources: (prefix: string) => readonly string[];
}

/** What Terraform calls for each kind of resource of an environment, on the environment's own names alone. */
export const GRANTS: readonly ResourceGrant[] = [
  {
    sid: 'Functions',
    service: 'lambda',
    actions: [
      ...['CreateFunction', 'DeleteFunction', 'GetFunction', 'GetFunctionConfiguration'],
      ...['GetFunctionCodeSigningConfig', 'ListVersionsByFunction', 'UpdateFunctionCode'],
      ...['UpdateFunctionConfiguration', 'AddPermission', 'RemovePermission', 'GetPolicy', 'ListTags'],
      ...TAGGING,
    ],
    resources: (prefix) => [`function:${prefix}-*`],
  },
  {
    sid: 'Tables',
    service: 'dynamodb',
    actions: [
      ...['CreateTable', 'DeleteTable', 'DescribeTable', 'UpdateTable', 'DescribeContinuousBackups'],
      ...['UpdateContinuousBackups', 'DescribeTimeToLive', 'ListTagsOfResource', ...TAGGING],
    ],
    resources: (prefix) => [`table/${prefix}-*`],
  },
  {
    sid: 'Queues',
    service: 'sqs',
    actions: [
      ...['CreateQueue', 'DeleteQueue', 'GetQueueAttributes', 'GetQueueUrl', 'SetQueueAttributes'],
      ...['ListQueueTags', 'TagQueue', 'UntagQueue'],
    ],
    resources: (prefix) => [`${prefix}-*`],
  },
  {
    sid: 'Workflows',
    service: 'states',
    actions: [
      ...['CreateStateMachine', 'DeleteStateMachine', 'DescribeStateMachine', 'UpdateStateMachine'],
      ...['ListStateMachineVersions', 'ListTagsForResource', ...TAGGING],
    ],
    resources: (prefix) => [`stateMachine:${prefix}-*`],
  },
  {
    sid: 'LogGroups',
    service: 'logs',
    actions: [
      ...['CreateLogGroup', 'DeleteLogGroup', 'PutRetentionPolicy', 'DeleteRetentionPolicy'],
      // A customer-managed key is given, or taken away again.
      ...['AssociateKmsKey', 'DisassociateKmsKey', 'ListTagsForResource', ...TAGGING],
    ],
    resources: (prefix) =>
      ['lambda', 'apigateway', 'vendedlogs/stepfunctions'].map(
        (kind) => `log-group:/aws/${kind}/${prefix}-*`,
      ),
  },
  {
    sid: 'Schedules',
    service: 'events',
    actions: [
      ...['PutRule', 'DeleteRule', 'DescribeRule', 'PutTargets', 'RemoveTargets', 'ListTargetsByRule'],
      ...['ListTagsForResource', ...TAGGING],
    ],
    resources: (prefix) => [`rule/${prefix}-*`],
  },
  {
    sid: 'Alerts',
    service: 'sns',
    actions: [
      ...['CreateTopic', 'DeleteTopic', 'GetTopicAttributes', 'SetTopicAttributes', 'Subscribe'],
      ...['Unsubscribe', 'GetSubscriptionAttributes', 'ListSubscriptionsByTopic'],
      ...['ListTagsForResource', ...TAGGING],
    ],
    resources: (prefix) => [`${prefix}-*`],
  },
  {
    sid: 'Alarms',
    service: 'cloudwatch',
    actions: ['PutMetricAlarm', 'DeleteAlarms', 'ListTagsForResource', ...TAGGING],
    resources: (prefix) => [`alarm:${prefix}-*`],
  },
];

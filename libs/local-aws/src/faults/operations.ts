import type { ServiceName } from '../service-call.ts';

/** The services whose calls can be hit, and their operations that the local engines carry out. */
export const FAULTY_OPERATIONS = {
  dynamodb: [
    'BatchGetItem',
    'BatchWriteItem',
    'DeleteItem',
    'DescribeTable',
    'GetItem',
    'ListTables',
    'PutItem',
    'Query',
    'Scan',
    'UpdateItem',
  ],
  sqs: [
    'ChangeMessageVisibility',
    'ChangeMessageVisibilityBatch',
    'DeleteMessage',
    'DeleteMessageBatch',
    'GetQueueAttributes',
    'GetQueueUrl',
    'ListQueues',
    'PurgeQueue',
    'ReceiveMessage',
    'SendMessage',
    'SendMessageBatch',
    'SetQueueAttributes',
  ],
  states: [
    'DescribeExecution',
    'DescribeStateMachine',
    'GetExecutionHistory',
    'ListExecutions',
    'ListStateMachines',
    'StartExecution',
    'StopExecution',
  ],
  logs: [
    'CreateLogStream',
    'DescribeLogGroups',
    'DescribeLogStreams',
    'FilterLogEvents',
    'GetLogEvents',
    'PutLogEvents',
  ],
  lambda: ['GetFunction', 'GetFunctionConfiguration', 'Invoke', 'ListFunctions'],
} as const satisfies Partial<Record<ServiceName, readonly string[]>>;

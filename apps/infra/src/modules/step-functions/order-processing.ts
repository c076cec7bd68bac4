import type { FailureSource } from '@dofs/orders/order';
import type { QueueMessage } from '@dofs/orders/queue-message';
import type {
  RecordFailureRequest,
  StorageResult,
  StoreOrderRequest,
  WorkflowInput,
} from '@dofs/orders/workflow';
import type { EnvironmentConfig } from '../../config/environment-config.ts';
import type { Catch, State, StateMachineDefinition, TaskState } from './asl.ts';
import { MALFORMED_INPUT_ERROR, retriesFor } from './retries.ts';

/** What the state machine calls, and for how long it waits. */
export interface OrderProcessingParts {
  readonly validatorArn: string;
  readonly orderStorageArn: string;
  readonly orderQueueUrl: string;
  readonly orderDlqUrl: string;
  readonly workflowType: EnvironmentConfig['workflowType'];
  readonly lambdaTimeoutSeconds: number;
  /** `aws`, or another of AWS's partitions. */
  readonly partition: string;
}

/** A state machine's fields: constants, and with `.$` paths into its state. Named after the type that they make. */
type Fields<Shape> = { readonly [Key in keyof Shape & string as Key | `${Key}.$`]?: unknown };

/** The function's own timeout fires first, so that its error is seen rather than ours. */
const TASK_GRACE_SECONDS = 5;
const SEND_TIMEOUT_SECONDS = 10;
/**
 * An execution lasts seconds. STANDARD: an hour is far beyond all retries, and far below AWS's year. EXPRESS: what AWS
 * allows (AWS: "Quotas in Step Functions").
 */
const EXECUTION_TIMEOUT_SECONDS = { STANDARD: 3600, EXPRESS: 300 };

const INPUT = {
  'order_id.$': '$.order_id',
  'correlation_id.$': '$.correlation_id',
  'order.$': '$.order',
} satisfies Fields<WorkflowInput>;

/** From the execution, not from a clock: every retry stores the same. */
const IDENTITY = {
  'execution_arn.$': '$$.Execution.Id',
  'created_at.$': '$$.Execution.StartTime',
} satisfies Fields<StoreOrderRequest>;

const MESSAGE = { ...INPUT, ...IDENTITY, attempt: 1 } satisfies Fields<QueueMessage>;
const STORAGE_OUTCOME = {
  ResultSelector: { 'outcome.$': '$.Payload.outcome' },
  ResultPath: '$.storage',
};
/**
 * Where a failed StoreOrder leads. EXPRESS: straight to the last resort, as RecordFailure would call the same function
 * and there is no time for both.
 */
const AFTER_STORAGE_ERROR = { STANDARD: 'RecordFailure', EXPRESS: 'SendToDeadLetterQueue' };
const FAILURE_FIELDS = { 'source.$': '$.failure.source', 'reason.$': '$.failure.reason' };

/**
 * The order-processing workflow. An order that is refused ends a SUCCEEDED execution: that is business. One that
 * the machinery fails is recorded FAILED and ends a FAILED execution, so that alarms see it.
 */
export function orderProcessing(parts: OrderProcessingParts): StateMachineDefinition {
  return {
    Comment: 'Validates an order, stores it and queues it for fulfilment',
    StartAt: 'ValidateOrder',
    TimeoutSeconds: EXECUTION_TIMEOUT_SECONDS[parts.workflowType],
    States: { ...goodPath(parts), ...refusal(parts), ...technicalFailure(parts) },
  };
}

function goodPath(parts: OrderProcessingParts): Record<string, State> {
  return {
    ValidateOrder: {
      ...invoke(parts, parts.validatorArn, '$'),
      ResultSelector: { 'result.$': '$.Payload' },
      ResultPath: '$.validation',
      Catch: [
        { ErrorEquals: [MALFORMED_INPUT_ERROR], ResultPath: '$.error', Next: 'InputMalformed' },
        caughtBy('ValidationErrored'),
      ],
      Next: 'CheckValidation',
    },
    CheckValidation: {
      Type: 'Choice',
      Choices: [{ Variable: '$.validation.result.valid', BooleanEquals: true, Next: 'StoreOrder' }],
      Default: 'RecordRefusal',
    },
    StoreOrder: {
      ...invoke(parts, parts.orderStorageArn, {
        operation: 'store',
        ...INPUT,
        ...IDENTITY,
      } satisfies Fields<StoreOrderRequest>),
      ...STORAGE_OUTCOME,
      Catch: [caughtBy('StorageErrored')],
      Next: 'CheckStorage',
    },
    CheckStorage: byOutcome({ stored: 'SendToQueue' }),
    SendToQueue: {
      ...send(parts, parts.orderQueueUrl, MESSAGE),
      ResultSelector: { 'message_id.$': '$.MessageId' },
      ResultPath: '$.queue',
      Catch: [caughtBy('QueueErrored')],
      End: true,
    },
    OrderSettled: {
      Type: 'Succeed',
      Comment: 'The order has reached its end by another way, or is under way in another execution',
    },
    OrderConflict: {
      Type: 'Fail',
      Error: 'OrderConflict',
      Cause: 'Another order has this id; it is untouched and this one is refused',
    },
  };
}

function refusal(parts: OrderProcessingParts): Record<string, State> {
  return {
    RecordRefusal: {
      ...recordFailure(parts, {
        failure_source: 'validation',
        'failure_reason.$': '$.validation.result.reason',
      }),
      Catch: [caughtBy('RefusalErrored')],
      Next: 'CheckRefusal',
    },
    CheckRefusal: byOutcome({ failed: 'OrderRefused' }),
    OrderRefused: { Type: 'Succeed', Comment: 'The order broke a business rule and is recorded FAILED' },
    RefusalErrored: {
      Type: 'Pass',
      Parameters: { source: 'validation', 'reason.$': '$.validation.result.reason' },
      ResultPath: '$.failure',
      Next: 'SendToDeadLetterQueue',
    },
  };
}

function technicalFailure(parts: OrderProcessingParts): Record<string, State> {
  return {
    ValidationErrored: errored('validation', 'ValidateOrder', 'RecordFailure'),
    StorageErrored: errored('storage', 'StoreOrder', AFTER_STORAGE_ERROR[parts.workflowType]),
    QueueErrored: errored('queue', 'SendToQueue', 'RecordFailure'),
    RecordFailure: {
      ...recordFailure(parts, {
        'failure_source.$': '$.failure.source',
        'failure_reason.$': '$.failure.reason',
      }),
      Catch: [caughtBy('SendToDeadLetterQueue')],
      Next: 'CheckRecord',
    },
    CheckRecord: byOutcome({ failed: 'OrderFailed' }),
    SendToDeadLetterQueue: {
      Comment: 'The last resort: dlq-handler records the failure as soon as the tables can be written',
      ...send(parts, parts.orderDlqUrl, { ...MESSAGE, failure: FAILURE_FIELDS }),
      ResultPath: null,
      Next: 'OrderFailed',
    },
    OrderFailed: {
      Type: 'Fail',
      Error: 'OrderFailed',
      Cause: 'A task failed technically after all retries; the order is recorded FAILED with its reason',
    },
    InputMalformed: {
      Type: 'Fail',
      Error: 'InputMalformed',
      Cause: 'The execution was started with an input that is no order',
    },
  };
}

function errored(source: FailureSource, task: string, next: string): State {
  return {
    Type: 'Pass',
    // The error's name only: its cause can hold a stack trace.
    Parameters: { source, 'reason.$': `States.Format('${task} failed: {}', $.error.Error)` },
    ResultPath: '$.failure',
    Next: next,
  };
}

function recordFailure(parts: OrderProcessingParts, failure: Fields<RecordFailureRequest>): TaskState {
  const request = { operation: 'fail', ...INPUT, ...IDENTITY, ...failure };
  return { ...invoke(parts, parts.orderStorageArn, request), ...STORAGE_OUTCOME };
}

/** Goes on as order-storage answered; an order of another body has its id, or it is settled, whatever was asked. */
function byOutcome(expected: Partial<Record<StorageResult['outcome'], string>>): State {
  const next = { ...expected, settled: 'OrderSettled' };
  return {
    Type: 'Choice',
    Choices: Object.entries(next).map(([outcome, state]) => ({
      Variable: '$.storage.outcome',
      StringEquals: outcome,
      Next: state,
    })),
    Default: 'OrderConflict',
  };
}

function invoke(
  parts: OrderProcessingParts,
  functionArn: string,
  payload: '$' | Readonly<Record<string, unknown>>,
): TaskState {
  return {
    Type: 'Task',
    Resource: `arn:${parts.partition}:states:::lambda:invoke`,
    Parameters: {
      FunctionName: functionArn,
      ...(payload === '$' ? { 'Payload.$': '$' } : { Payload: payload }),
    },
    TimeoutSeconds: parts.lambdaTimeoutSeconds + TASK_GRACE_SECONDS,
    Retry: retriesFor(parts.workflowType),
  };
}

function send(
  parts: OrderProcessingParts,
  queueUrl: string,
  body: Readonly<Record<string, unknown>>,
): TaskState {
  return {
    Type: 'Task',
    Resource: `arn:${parts.partition}:states:::sqs:sendMessage`,
    Parameters: { QueueUrl: queueUrl, MessageBody: body },
    TimeoutSeconds: SEND_TIMEOUT_SECONDS,
    Retry: retriesFor(parts.workflowType),
  };
}

function caughtBy(next: string): Catch {
  return { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: next };
}

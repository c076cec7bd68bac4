import type { FailureSource } from '@dofs/orders/order';
import type { QueueMessage } from '@dofs/orders/queue-message';
import type { RecordFailureRequest, StoreOrderRequest, WorkflowInput } from '@dofs/orders/workflow';
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
}

/** A state machine's fields: constants, and with `.$` paths into its state. Named after the type that they make. */
type Fields<Shape> = { readonly [Key in keyof Shape & string as Key | `${Key}.$`]?: unknown };

const INVOKE = 'arn:aws:states:::lambda:invoke';
const SEND_MESSAGE = 'arn:aws:states:::sqs:sendMessage';
/** The function's own timeout fires first, so that its error is seen rather than ours. */
const TASK_GRACE_SECONDS = 5;
const SEND_TIMEOUT_SECONDS = 10;
/** An execution lasts seconds; an hour is far beyond all retries, and far below AWS's year. */
const EXECUTION_TIMEOUT_SECONDS = 3600;

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
const FAILURE_FIELDS = { 'source.$': '$.failure.source', 'reason.$': '$.failure.reason' };

/**
 * The order-processing workflow. An order that is refused ends a SUCCEEDED execution: that is business. One that
 * the machinery fails is recorded FAILED and ends a FAILED execution, so that alarms see it.
 */
export function orderProcessing(parts: OrderProcessingParts): StateMachineDefinition {
  return {
    Comment: 'Validates an order, stores it and queues it for fulfilment',
    StartAt: 'ValidateOrder',
    TimeoutSeconds: EXECUTION_TIMEOUT_SECONDS,
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
      ResultSelector: { 'outcome.$': '$.Payload.outcome' },
      ResultPath: '$.storage',
      Catch: [caughtBy('StorageErrored')],
      Next: 'CheckStorage',
    },
    CheckStorage: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.storage.outcome', StringEquals: 'stored', Next: 'SendToQueue' },
        { Variable: '$.storage.outcome', StringEquals: 'settled', Next: 'OrderSettled' },
      ],
      Default: 'OrderConflict',
    },
    SendToQueue: {
      ...send(parts, parts.orderQueueUrl, MESSAGE),
      ResultSelector: { 'message_id.$': '$.MessageId' },
      ResultPath: '$.queue',
      Catch: [caughtBy('QueueErrored')],
      End: true,
    },
    OrderSettled: { Type: 'Succeed', Comment: 'An earlier twin brought this order to its end' },
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
      Next: 'OrderRefused',
    },
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
    ValidationErrored: errored('validation', 'ValidateOrder'),
    StorageErrored: errored('storage', 'StoreOrder'),
    QueueErrored: errored('queue', 'SendToQueue'),
    RecordFailure: {
      ...recordFailure(parts, {
        'failure_source.$': '$.failure.source',
        'failure_reason.$': '$.failure.reason',
      }),
      Catch: [caughtBy('SendToDeadLetterQueue')],
      Next: 'OrderFailed',
    },
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

function errored(source: FailureSource, task: string): State {
  return {
    Type: 'Pass',
    // The error's name only: its cause can hold a stack trace.
    Parameters: { source, 'reason.$': `States.Format('${task} failed: {}', $.error.Error)` },
    ResultPath: '$.failure',
    Next: 'RecordFailure',
  };
}

function recordFailure(parts: OrderProcessingParts, failure: Fields<RecordFailureRequest>): TaskState {
  const request = { operation: 'fail', ...INPUT, ...IDENTITY, ...failure };
  return { ...invoke(parts, parts.orderStorageArn, request), ResultPath: null };
}

function invoke(
  parts: OrderProcessingParts,
  functionArn: string,
  payload: '$' | Readonly<Record<string, unknown>>,
): TaskState {
  return {
    Type: 'Task',
    Resource: INVOKE,
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
    Resource: SEND_MESSAGE,
    Parameters: { QueueUrl: queueUrl, MessageBody: body },
    TimeoutSeconds: SEND_TIMEOUT_SECONDS,
    Retry: retriesFor(parts.workflowType),
  };
}

function caughtBy(next: string): Catch {
  return { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: next };
}

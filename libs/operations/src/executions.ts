import {
  DescribeExecutionCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  paginateListStateMachines,
  SFNClient,
  type HistoryEvent,
} from '@aws-sdk/client-sfn';
import { clientConfig } from './aws-clients.ts';
import { withAwsErrors } from './aws-call.ts';
import { OperationError } from './operation-error.ts';
import type { Target } from './target.ts';

export interface FailedExecution {
  /** The order's id. */
  readonly name: string;
  readonly status: 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  /** ISO 8601. */
  readonly stoppedAt: string;
}

/** Something that happened to an order's execution, in the words of the state machine. */
export interface WorkflowEvent {
  /** ISO 8601. */
  readonly at: string;
  readonly kind: 'started' | 'state-done' | 'task-failed' | 'execution-failed';
  /** The state, where there is one. */
  readonly state: string;
  /** Error name and cause of a failure. */
  readonly detail: string;
  /** What a state that is done gave, parsed from its JSON; absent where it gave none. */
  readonly output?: unknown;
}

/**
 * Executions that failed since then, newest first.
 * @throws OperationError; `service` for an EXPRESS state machine, whose executions AWS doesn't list
 */
export async function failedExecutions(target: Target, since: Date): Promise<readonly FailedExecution[]> {
  return withStates(target, async (client) => {
    const stateMachineArn = await stateMachineArnOf(client, target);
    const lists = await Promise.all(
      (['FAILED', 'TIMED_OUT', 'ABORTED'] as const).map((status) =>
        failedSince(client, stateMachineArn, status, since),
      ),
    );
    return lists.flat().sort((a, b) => b.stoppedAt.localeCompare(a.stoppedAt));
  });
}

async function failedSince(
  client: SFNClient,
  stateMachineArn: string,
  status: FailedExecution['status'],
  since: Date,
): Promise<readonly FailedExecution[]> {
  const found: FailedExecution[] = [];
  for await (const page of paginateListExecutions({ client }, { stateMachineArn, statusFilter: status })) {
    const executions = page.executions ?? [];
    for (const { name, stopDate } of executions) {
      if (stopDate !== undefined && stopDate >= since) {
        found.push({ name: name ?? '', status, stoppedAt: stopDate.toISOString() });
      }
    }
    // The list is ordered by start, newest first; executions end within minutes.
    if (executions.some(({ startDate }) => startDate !== undefined && startDate < since)) {
      break;
    }
  }
  return found;
}

/**
 * What happened so far in the execution of an order.
 * @throws OperationError; `not-found` while AWS doesn't know the execution yet
 */
export async function workflowEvents(target: Target, orderId: string): Promise<readonly WorkflowEvent[]> {
  return withStates(target, async (client) => {
    const stateMachineArn = await stateMachineArnOf(client, target);
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${orderId}`;
    const events: WorkflowEvent[] = [];
    for await (const page of paginateGetExecutionHistory({ client }, { executionArn })) {
      events.push(...(page.events ?? []).flatMap(workflowEvent));
    }
    return events;
  });
}

function workflowEvent(event: HistoryEvent): WorkflowEvent[] {
  const at = event.timestamp?.toISOString() ?? '';
  const failure =
    event.taskFailedEventDetails ?? event.taskTimedOutEventDetails ?? event.lambdaFunctionFailedEventDetails;
  if (event.type === 'ExecutionStarted') {
    return [{ at, kind: 'started', state: '', detail: '' }];
  }
  if (event.stateExitedEventDetails?.name !== undefined) {
    const { name: state, output } = event.stateExitedEventDetails;
    return [{ at, kind: 'state-done', state, detail: '', ...outputOf(output) }];
  }
  if (failure !== undefined) {
    return [{ at, kind: 'task-failed', state: '', detail: errorText(failure) }];
  }
  const end =
    event.executionFailedEventDetails ??
    event.executionTimedOutEventDetails ??
    event.executionAbortedEventDetails;
  return end === undefined ? [] : [{ at, kind: 'execution-failed', state: '', detail: errorText(end) }];
}

/** AWS cuts long outputs off, which are no JSON then. */
function outputOf(text: string | undefined): { readonly output?: unknown } {
  try {
    return text === undefined ? {} : { output: JSON.parse(text) };
  } catch {
    return {};
  }
}

function errorText({
  error = '',
  cause = '',
}: {
  error?: string | undefined;
  cause?: string | undefined;
}): string {
  return [error, cause].filter((text) => text !== '').join(': ');
}

/** Status and times of an order's execution. @throws OperationError */
export async function describeExecution(target: Target, orderId: string) {
  return withStates(target, async (client) => {
    const stateMachineArn = await stateMachineArnOf(client, target);
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${orderId}`;
    return client.send(new DescribeExecutionCommand({ executionArn }));
  });
}

async function stateMachineArnOf(client: SFNClient, { names }: Target): Promise<string> {
  if (names.stateMachineArn !== undefined) {
    return names.stateMachineArn;
  }
  for await (const page of paginateListStateMachines({ client }, {})) {
    const found = page.stateMachines?.find(({ name }) => name === names.stateMachine);
    if (found?.stateMachineArn !== undefined) {
      return found.stateMachineArn;
    }
  }
  throw new OperationError(
    'not-found',
    `no state machine ${names.stateMachine}`,
    'check --env and --project',
  );
}

async function withStates<T>(target: Target, calls: (client: SFNClient) => Promise<T>): Promise<T> {
  const client = new SFNClient(clientConfig(target));
  try {
    return await withAwsErrors(target, () => calls(client));
  } finally {
    client.destroy();
  }
}

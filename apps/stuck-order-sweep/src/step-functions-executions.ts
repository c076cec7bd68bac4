import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  ListExecutionsCommand,
  type ExecutionListItem,
  type ExecutionStatus,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { isIssuedOrderId } from '@dofs/orders/order-id';
import type { BadEnd, Executions } from './ports.ts';

/** Those of which an order is left without a trace come first: one that FAILED nearly always has recorded its order. */
const BAD_ENDS: readonly ExecutionStatus[] = ['ABORTED', 'TIMED_OUT', 'FAILED'];
/** Entries of a page (AWS: "ListExecutions", at most 1,000). */
const PAGE_SIZE = 1_000;
/** Executions are listed by their start, and an execution of this state machine lasts an hour at the most. */
const LONGEST_EXECUTION_MS = 3_600_000;

/** The state machine's executions. Every function throws the SDK's service errors. */
export function stepFunctionsExecutions(client: SFNClient, stateMachineArn: string): Executions {
  return {
    async *endedBadly({ from, to }) {
      for (const status of BAD_ENDS) {
        yield* listEnded(client, { stateMachineArn, status, from: Date.parse(from), to: Date.parse(to) });
      }
    },
    async input(executionArn) {
      try {
        const { input } = await client.send(new DescribeExecutionCommand({ executionArn }));
        return input;
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) {
          return undefined;
        }
        throw error;
      }
    },
    isIssued: (orderId) => isIssuedOrderId(stateMachineArn, orderId),
  };
}

interface Search {
  readonly stateMachineArn: string;
  readonly status: ExecutionStatus;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** Step Functions lists the latest started first, so the first one that is too old ends the search. */
async function* listEnded(
  client: SFNClient,
  { stateMachineArn, status, from, to }: Search,
): AsyncGenerator<readonly BadEnd[]> {
  let nextToken: string | undefined;
  do {
    const answer = await client.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: status, maxResults: PAGE_SIZE, nextToken }),
    );
    const ends = (answer.executions ?? []).map(endOf);
    yield ends.filter(({ stoppedMs }) => stoppedMs >= from && stoppedMs <= to).map(({ badEnd }) => badEnd);
    const isPast = ends.some(({ startedMs }) => startedMs < from - LONGEST_EXECUTION_MS);
    nextToken = isPast ? undefined : answer.nextToken;
  } while (nextToken !== undefined);
}

function endOf({ name, executionArn, status, startDate, stopDate }: ExecutionListItem) {
  if (
    name === undefined ||
    executionArn === undefined ||
    status === undefined ||
    startDate === undefined ||
    stopDate === undefined
  ) {
    throw new TypeError('Step Functions listed an ended execution without name, ARN, status, start or stop');
  }
  const badEnd: BadEnd = { name, executionArn, status, startedAt: startDate.toISOString() };
  return { badEnd, startedMs: startDate.getTime(), stoppedMs: stopDate.getTime() };
}

import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  ListExecutionsCommand,
  type ExecutionListItem,
  type ExecutionStatus,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { BadEnd, Executions } from './ports.ts';

const BAD_ENDS: readonly ExecutionStatus[] = ['FAILED', 'TIMED_OUT', 'ABORTED'];
/** Pages of 100 for each status, at the most. */
const MAX_PAGES = 10;

/** The state machine's executions. Every function throws the SDK's service errors. */
export function stepFunctionsExecutions(client: SFNClient, stateMachineArn: string): Executions {
  return {
    async endedBadlySince(time) {
      const lists = await Promise.all(
        BAD_ENDS.map((status) => listSince(client, { stateMachineArn, status, since: Date.parse(time) })),
      );
      return lists.flat();
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
  };
}

interface Search {
  readonly stateMachineArn: string;
  readonly status: ExecutionStatus;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** Step Functions lists the latest started first, so the first one that is too old ends the search. */
async function listSince(client: SFNClient, { stateMachineArn, status, since }: Search): Promise<BadEnd[]> {
  const found: BadEnd[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await client.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: status, maxResults: 100, nextToken }),
    );
    const ends = (answer.executions ?? []).map(badEndOf);
    const recent = ends.filter(({ startedAt }) => Date.parse(startedAt) >= since);
    found.push(...recent);
    nextToken = answer.nextToken;
    if (nextToken === undefined || recent.length < ends.length) {
      break;
    }
  }
  return found;
}

function badEndOf({ name, executionArn, status, startDate }: ExecutionListItem): BadEnd {
  if (name === undefined || executionArn === undefined || status === undefined || startDate === undefined) {
    throw new TypeError('Step Functions listed an execution without name, ARN, status or start');
  }
  return { name, executionArn, status, startedAt: startDate.toISOString() };
}

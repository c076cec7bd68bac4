import { unmarshall } from '@aws-sdk/util-dynamodb';
import {
  ListExecutionsCommand,
  SFNClient,
  type ExecutionListItem,
  type ExecutionStatus,
} from '@aws-sdk/client-sfn';
import { awsView, clientSettings, type AwsView } from '../aws-clients.ts';
import type { LocalSystem } from '../local-system.ts';
import type { LedgerEntry } from './ledger.ts';
import type { FinalState, StoredFailure, StoredOrder } from './audit.ts';

/** Reads everything that an audit looks at, straight from the AWS APIs. */
export async function readFinalState(
  system: LocalSystem,
  prefix: string,
  express: boolean,
): Promise<FinalState> {
  const view = awsView(system.awsEndpoint, prefix);
  const [orders, failedOrders, messagesLeft, executions] = await Promise.all([
    view.orders(),
    view.failedOrders(),
    view.messagesLeft(),
    express ? [] : listExecutions(system),
  ]);
  view.close();
  return {
    orders: orders.map((item) => unmarshall(item) as StoredOrder),
    failedOrders: failedOrders.map((item) => unmarshall(item) as StoredFailure),
    messagesLeft,
    isExpress: express,
    executions: executions.map(({ name, status }) => ({ name: name ?? '', status: status ?? '' })),
  };
}

/**
 * Accepted orders that aren't in a terminal state yet, stored or not, messages that are still in a queue, and
 * executions that still run: one may lag behind its order, which a sweep has sent to the queue in the meantime.
 */
export async function unfinished(
  system: LocalSystem,
  view: AwsView,
  ledger: readonly LedgerEntry[],
  express: boolean,
): Promise<number> {
  const [orders, messages, running] = await Promise.all([
    view.orders(),
    view.messagesLeft(),
    express ? [] : listExecutions(system, 'RUNNING'),
  ]);
  const stored = new Map(orders.map((order) => [order['order_id']?.S, order['status']?.S]));
  const open = [...stored.values()].filter((status) => status === 'PROCESSING').length;
  const missing = ledger.filter(
    ({ accepted: [first] }) => first !== undefined && !stored.has(first.orderId),
  ).length;
  return messages + open + missing + running.length;
}

async function listExecutions(
  system: LocalSystem,
  statusFilter?: ExecutionStatus,
): Promise<ExecutionListItem[]> {
  const states = new SFNClient(clientSettings(system.awsEndpoint));
  const stateMachineArn = system.outputs['state_machine_arn'];
  const executions: ExecutionListItem[] = [];
  let nextToken: string | undefined;
  do {
    const page = await states.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter, nextToken, maxResults: 1000 }),
    );
    executions.push(...(page.executions ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  states.destroy();
  return executions;
}

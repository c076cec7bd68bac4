import { workflowEvents } from '@dofs/operations/executions';
import { getOrder, type OrderView } from '@dofs/operations/get-order';
import { OperationError } from '@dofs/operations/operation-error';
import { followJourney, type JourneyStep } from '@dofs/operations/order-journey';
import { openOrderLogs } from '@dofs/operations/order-logs';
import { ORDER_FUNCTIONS, type Target } from '@dofs/operations/target';
import type { CommandAction, CommandContext } from '../command-context.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { paint, print, printJson, type Terminal } from '../terminal.ts';

/** A look reads the order, its execution's history and five log groups; CloudWatch allows few such searches. */
const INTERVAL_MS = { local: 400, aws: 3_000 };
/** CloudWatch shows a line some seconds after it was logged; the local system at once. */
const LOG_WAIT_MS = 8_000;
/** Lines of the API come before the order's creation, which is the start of its execution. */
const BEFORE_CREATION_MS = 60_000;
/** An order without a creation time is not stored yet, so it was accepted lately. */
const NOT_STORED_YET_MS = 15 * 60_000;

export const orderWatch: CommandAction<{ readonly timeout: number }> = async (
  context,
  [orderId = ''],
  options,
) => watchToItsEnd(context, await context.target(), orderId, options.timeout);

/**
 * Follows an order and prints each step. Exit status 0: FULFILLED, 1: FAILED.
 * @param unknownUntil monotonic milliseconds: until then an order that the API doesn't know yet is waited for, as
 *   an EXPRESS workflow may not have stored it when the API accepts it
 */
export async function watchToItsEnd(
  context: CommandContext,
  target: Target,
  orderId: string,
  timeoutMs: number,
  unknownUntil = 0,
): Promise<ExitStatus> {
  const logs = openOrderLogs(target);
  let createdMs = Date.now() - NOT_STORED_YET_MS;
  const look = async () => {
    const order = await orderOrNotYet(target, orderId, context.stop, unknownUntil);
    createdMs = order.created_at === undefined ? createdMs : Date.parse(order.created_at);
    return order;
  };
  try {
    const journey = followJourney(
      {
        getOrder: look,
        workflowEvents: () => workflowEvents(target, orderId),
        logLines: () =>
          logs.find({ orderId, fromMs: createdMs - BEFORE_CREATION_MS, functions: ORDER_FUNCTIONS }),
      },
      {
        signal: context.stop,
        timeoutMs,
        intervalMs: target.awsEndpoint === undefined ? INTERVAL_MS.aws : INTERVAL_MS.local,
        logWaitMs: LOG_WAIT_MS,
        now: () => performance.now(),
      },
    );
    const begin: { at?: string | undefined } = {};
    for (;;) {
      const next = await journey.next();
      if (next.done === true) {
        return next.value.status === 'FULFILLED' ? EXIT.ok : EXIT.no;
      }
      printStep(context.terminal, next.value, begin);
    }
  } finally {
    logs.close();
  }
}

async function orderOrNotYet(
  target: Target,
  orderId: string,
  signal: AbortSignal,
  unknownUntil: number,
): Promise<OrderView> {
  try {
    return await getOrder(target, orderId, signal);
  } catch (error) {
    if (isNotFound(error) && performance.now() < unknownUntil) {
      return { order_id: orderId, status: 'PROCESSING' };
    }
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof OperationError && error.kind === 'not-found';
}

const COLOURS: Readonly<Partial<Record<JourneyStep['step'], 'green' | 'red' | 'yellow'>>> = {
  fulfilled: 'green',
  failed: 'red',
  trouble: 'yellow',
  note: 'yellow',
};

function printStep(terminal: Terminal, step: JourneyStep, begin: { at?: string | undefined }): void {
  if (terminal.json) {
    printJson(terminal, step, 'line');
    return;
  }
  begin.at ??= step.at === '' ? undefined : step.at;
  const sinceBegin =
    begin.at === undefined || step.at === '' ? '' : seconds(Date.parse(step.at) - Date.parse(begin.at));
  const label = step.step.padEnd(10);
  const colour = COLOURS[step.step];
  const clock = step.at.slice(11, 23).padEnd(12);
  print(
    terminal,
    `${clock}  ${sinceBegin.padStart(9)}  ${colour === undefined ? label : paint(terminal, colour, label)}${step.detail}`,
  );
}

function seconds(ms: number): string {
  return `${ms < 0 ? '' : '+'}${(ms / 1000).toFixed(3)} s`;
}

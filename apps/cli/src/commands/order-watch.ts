import { workflowEvents } from '@dofs/operations/executions';
import { getOrder } from '@dofs/operations/get-order';
import { OperationError } from '@dofs/operations/operation-error';
import { followJourney, type JourneyStep } from '@dofs/operations/order-journey';
import { openOrderLogs } from '@dofs/operations/order-logs';
import { ORDER_FUNCTIONS, type Target } from '@dofs/operations/target';
import type { CommandAction, CommandContext } from '../command-context.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { paint, print, printJson, type Terminal } from '../terminal.ts';

const INTERVAL_MS = 400;
/** CloudWatch shows a line some seconds after it was logged; the local system at once. */
const LOG_WAIT_MS = 8_000;
/** Orders older than this are not searched for in the logs. */
const LOG_RANGE_MS = 7 * 86_400_000;

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
  const query = {
    orderId,
    fromMs: Date.now() - LOG_RANGE_MS,
    functions: ORDER_FUNCTIONS,
  };
  try {
    const journey = followJourney(
      {
        getOrder: () =>
          getOrder(target, orderId, context.stop).catch((error: unknown) => {
            if (isNotFound(error) && performance.now() < unknownUntil) {
              return { order_id: orderId, status: 'PROCESSING' };
            }
            throw error;
          }),
        workflowEvents: () => workflowEvents(target, orderId),
        logLines: () => logs.find(query),
      },
      {
        signal: context.stop,
        timeoutMs,
        intervalMs: INTERVAL_MS,
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

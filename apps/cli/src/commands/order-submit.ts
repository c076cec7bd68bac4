import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { submitOrder } from '@dofs/operations/submit-order';
import type { CommandAction } from '../command-context.ts';
import { EXIT } from '../exit-status.ts';
import type { OrderItem } from '../parse-options.ts';
import { paint, print, printJson } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { watchToItsEnd } from './order-watch.ts';

interface Options {
  readonly customer?: string;
  readonly item?: readonly OrderItem[];
  readonly idempotencyKey?: string;
  readonly correlationId?: string;
  readonly watch?: boolean;
  readonly timeout: number;
}

/** An accepted order that isn't stored by then is no longer just on its way. */
const STORED_WITHIN_MS = 30_000;

export const orderSubmit: CommandAction<Options> = async (context, [file], options) => {
  const { terminal } = context;
  const body = await bodyOf(file, options, terminal.stdin);
  const target = await context.target();
  const submitted = await submitOrder(target, body, {
    signal: context.stop,
    ...(options.idempotencyKey === undefined ? {} : { idempotencyKey: options.idempotencyKey }),
    ...(options.correlationId === undefined ? {} : { correlationId: options.correlationId }),
  });
  if (terminal.json) {
    const layout = options.watch === true ? 'line' : 'document';
    printJson(
      terminal,
      {
        order_id: submitted.orderId,
        execution_arn: submitted.executionArn,
        correlation_id: submitted.correlationId,
        latency_ms: Math.round(submitted.latencyMs),
      },
      layout,
    );
  } else {
    print(
      terminal,
      `${paint(terminal, 'bold', submitted.orderId)}  accepted in ${Math.round(submitted.latencyMs)} ms`,
    );
  }
  if (options.watch !== true) {
    return EXIT.ok;
  }
  return watchToItsEnd(
    context,
    target,
    submitted.orderId,
    options.timeout,
    performance.now() + STORED_WITHIN_MS,
  );
};

async function bodyOf(file: string | undefined, options: Options, stdin: NodeJS.ReadStream): Promise<string> {
  const fromFlags = options.customer !== undefined || options.item !== undefined;
  if (fromFlags === (file !== undefined)) {
    throw new UsageError('give either a file (- for standard input), or --customer and --item');
  }
  if (file === undefined) {
    return JSON.stringify({ customer_id: options.customer, items: options.item ?? [] });
  }
  return file === '-' ? text(stdin) : readBody(file);
}

function readBody(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

import { getOrder } from '@dofs/operations/get-order';
import { OperationError } from '@dofs/operations/operation-error';
import { openOrderLogs, type LogLine } from '@dofs/operations/order-logs';
import { pause } from '@dofs/operations/poll';
import type { Target } from '@dofs/operations/target';
import type { CommandAction } from '../command-context.ts';
import { EXIT } from '../exit-status.ts';
import { paint, print, printJson, type Terminal } from '../terminal.ts';

interface Options {
  /** ISO 8601. */
  readonly since?: string;
  readonly follow?: boolean;
  readonly raw?: boolean;
}

const FOLLOW_INTERVAL_MS = 1000;
/** Lines of the API come before the order's creation, which is the start of its execution. */
const BEFORE_CREATION_MS = 60_000;
/** How far back to search where the API can't tell when the order was created. */
const FALLBACK_RANGE_MS = 7 * 86_400_000;

export const logs: CommandAction<Options> = async (context, [orderId = ''], options) => {
  const { terminal } = context;
  const target = await context.target();
  const fromMs = options.since === undefined ? await beginOf(target, orderId) : Date.parse(options.since);
  const orderLogs = openOrderLogs(target);
  const seen = new Set<string>();
  try {
    do {
      const lines = (await orderLogs.find({ orderId, fromMs })).filter((line) => isNew(seen, line));
      if (seen.size === 0 && options.follow !== true) {
        throw new OperationError(
          'not-found',
          `no log line of ${orderId} since ${new Date(fromMs).toISOString()}`,
          'check the id and --since; CloudWatch shows a line some seconds late',
        );
      }
      show(terminal, lines, options);
      if (options.follow === true) {
        await pause(FOLLOW_INTERVAL_MS, context.stop);
      }
    } while (options.follow === true);
  } finally {
    orderLogs.close();
  }
  return EXIT.ok;
};

function isNew(seen: Set<string>, line: LogLine): boolean {
  const key = `${line.at} ${line.source} ${line.text}`;
  const isFirst = !seen.has(key);
  seen.add(key);
  return isFirst;
}

async function beginOf(target: Target, orderId: string): Promise<number> {
  const fallback = Date.now() - FALLBACK_RANGE_MS;
  if (target.apiUrl === undefined) {
    return fallback;
  }
  try {
    const { created_at } = await getOrder(target, orderId);
    return created_at === undefined ? fallback : Date.parse(created_at) - BEFORE_CREATION_MS;
  } catch (error) {
    // The logs may know an order that the API doesn't, and may be reached where the API is not.
    if (error instanceof OperationError) {
      return fallback;
    }
    throw error;
  }
}

function show(terminal: Terminal, lines: readonly LogLine[], options: Options): void {
  if (terminal.json && options.follow !== true) {
    printJson(terminal, lines);
    return;
  }
  for (const line of lines) {
    if (terminal.json) {
      printJson(terminal, line, 'line');
    } else {
      print(terminal, options.raw === true ? line.text : readable(terminal, line));
    }
  }
}

const LEVEL_COLOUR = { WARN: 'yellow', ERROR: 'red' } as const;
/** On every line of one order the same, or shown elsewhere on the line. */
const KNOWN_FIELDS = new Set([
  'level',
  'timestamp',
  'message',
  'order_id',
  'correlation_id',
  'function_name',
  'environment',
  'service',
  // Of several lines; --raw shows it.
  'error_stack',
]);

function readable(terminal: Terminal, { at, source, text, fields }: LogLine): string {
  const begin = `${at.slice(11, 23)}  ${source.padEnd(14)}  `;
  if (fields === null) {
    return `${begin}${paint(terminal, 'dim', text)}`;
  }
  const level = typeof fields['level'] === 'string' ? fields['level'] : '';
  const message = typeof fields['message'] === 'string' ? fields['message'] : text;
  const colour = level in LEVEL_COLOUR ? LEVEL_COLOUR[level as 'WARN'] : undefined;
  const more = Object.entries(fields)
    .filter(([name]) => !KNOWN_FIELDS.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  const said = typeof fields['message'] === 'string' ? paint(terminal, 'dim', more) : '';
  return `${begin}${colour === undefined ? message : paint(terminal, colour, message)}${said === '' ? '' : `  ${said}`}`;
}

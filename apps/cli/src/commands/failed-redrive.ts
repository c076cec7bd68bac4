import { hostname, userInfo } from 'node:os';
import { findFailedOrders } from '@dofs/operations/failed-orders';
import { openQueues } from '@dofs/operations/queues';
import { openTables, type OperatorTables } from '@dofs/operations/operator-tables';
import { redriveOrders, type RedriveOutcome } from '@dofs/operations/redrive-orders';
import { previewRedrive, type RedrivePlan } from '@dofs/operations/redrive';
import type { Target } from '@dofs/operations/target';
import type { CommandAction, CommandContext } from '../command-context.ts';
import { confirmed } from '../confirm.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { table } from '../table.ts';
import { paint, print, printJson, remark, type Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { filterOf, type FilterOptions } from './failed-list.ts';

interface Options extends FilterOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly by?: string;
}

/** What a preview and the outcome call each action. */
const PREVIEW: Readonly<Record<RedrivePlan['action'], string>> = {
  redrive: 'begin another attempt',
  resume: 'finish a redrive that was stopped',
  clear: 'remove the row: the order is FULFILLED',
  skip: 'nothing',
};
const DONE: Readonly<Record<RedriveOutcome['action'], string>> = {
  redrive: 'redriven',
  resume: 'resumed',
  clear: 'row removed',
  skip: 'skipped',
  error: 'error',
};

export const failedRedrive: CommandAction<Options> = async (context, ids, options) => {
  const isFilter = options.since !== undefined || options.until !== undefined || options.source !== undefined;
  if (ids.length > 0 === (options.all === true || isFilter)) {
    throw new UsageError('name orders, or give --all, --since, --until or --source');
  }
  const target = await context.target();
  const tables = openTables(target);
  try {
    const orderIds = ids.length > 0 ? [...new Set(ids)] : await idsOf(target, tables, options);
    if (orderIds.length === 0) {
      return nothingToDo(context.terminal);
    }
    if (options.dryRun === true) {
      return await preview(context.terminal, tables, orderIds);
    }
    const question = `Redrive ${orderIds.length} orders of ${target.names.prefix} (${target.origin})?`;
    if (orderIds.length > 1 && options.yes !== true && !(await confirmed(context, question))) {
      remark(context.terminal, 'nothing done');
      return EXIT.no;
    }
    return await redrive(context, target, tables, orderIds, options.by ?? defaultOperator());
  } finally {
    tables.close();
  }
};

async function idsOf(target: Target, tables: OperatorTables, options: Options): Promise<readonly string[]> {
  const rows = await findFailedOrders(target, tables, filterOf(options, 'all'));
  return rows.map(({ order_id }) => order_id);
}

function nothingToDo(terminal: Terminal): ExitStatus {
  if (terminal.json) {
    printJson(terminal, []);
  }
  remark(terminal, 'no failed order matches');
  return EXIT.ok;
}

async function preview(
  terminal: Terminal,
  tables: OperatorTables,
  orderIds: readonly string[],
): Promise<ExitStatus> {
  const plans: { order_id: string; action: RedrivePlan['action']; reason: string }[] = [];
  for (const orderId of orderIds) {
    const plan = await previewRedrive(tables, orderId);
    plans.push({ order_id: orderId, action: plan.action, reason: plan.action === 'skip' ? plan.reason : '' });
  }
  if (terminal.json) {
    printJson(terminal, plans);
  } else {
    const rows = plans.map(({ order_id, action, reason }) => [order_id, PREVIEW[action], reason]);
    print(terminal, table(['order', 'would', 'because'], rows));
    remark(terminal, 'nothing done (--dry-run)');
  }
  return EXIT.ok;
}

async function redrive(
  context: CommandContext,
  target: Target,
  tables: OperatorTables,
  orderIds: readonly string[],
  by: string,
): Promise<ExitStatus> {
  const { terminal } = context;
  const queues = openQueues(target);
  const outcomes: RedriveOutcome[] = [];
  const ports = {
    tables,
    send: (body: string) => queues.send(body),
    now: () => new Date().toISOString(),
    by,
  };
  try {
    await redriveOrders(ports, orderIds, {
      signal: context.stop,
      onOutcome: (outcome) => {
        outcomes.push(outcome);
        showOutcome(terminal, outcome);
      },
    });
  } finally {
    queues.close();
    summarize(terminal, outcomes, orderIds.length);
  }
  if (context.stop.aborted) {
    return EXIT.interrupted;
  }
  return outcomes.some(({ action }) => action === 'skip' || action === 'error') ? EXIT.no : EXIT.ok;
}

/** JSON too is a line an order, so that what was done shows even when the rest isn't. */
function showOutcome(terminal: Terminal, outcome: RedriveOutcome): void {
  if (terminal.json) {
    const { orderId, ...rest } = outcome;
    printJson(terminal, { order_id: orderId, ...rest }, 'line');
    return;
  }
  const good = outcome.action !== 'skip' && outcome.action !== 'error';
  const what = paint(terminal, good ? 'green' : 'yellow', DONE[outcome.action].padEnd(11));
  const detail = 'attempt' in outcome && outcome.attempt !== undefined ? `attempt ${outcome.attempt}` : '';
  const reason = 'reason' in outcome && outcome.reason !== undefined ? outcome.reason : '';
  print(terminal, `${outcome.orderId}  ${what}  ${detail}${reason}`.trimEnd());
}

function summarize(terminal: Terminal, outcomes: readonly RedriveOutcome[], planned: number): void {
  const counts = Object.entries(DONE)
    .map(([action, name]) => ({
      name,
      count: outcomes.filter((outcome) => outcome.action === action).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${count} ${name}`);
  const left = planned - outcomes.length;
  const rest = left === 0 ? '' : `; ${left} not reached: run it again`;
  remark(terminal, `${counts.join(', ') || 'nothing done'}${rest}`);
}

function defaultOperator(): string {
  return `${userInfo().username}@${hostname()}`;
}

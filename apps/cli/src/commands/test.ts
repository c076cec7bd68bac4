import type { OrderRequest } from '@dofs/orders/order-request';
import { configuredSuccessRate } from '@dofs/operations/configured-rate';
import { queueDepths } from '@dofs/operations/environment-status';
import { findOut, found } from '@dofs/operations/finding';
import { loadReport, type Check, type LoadReport } from '@dofs/operations/load-report';
import { runLoad, type LoadPlan, type OrderTrace } from '@dofs/operations/load-test';
import { apiUrlOf } from '@dofs/operations/orders-api';
import { QUEUE_SETTLE_MS, settledQueues } from '@dofs/operations/settled-queues';
import { runSmokeCases } from '@dofs/operations/smoke-checks';
import type { Target } from '@dofs/operations/target';
import type { CommandAction, CommandContext } from '../command-context.ts';
import { TESTS, type TestName } from '../declare-test.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { checkLine, reportLines } from '../load-report-text.ts';
import { startProgress } from '../progress.ts';
import { soonAfterStop } from '../soon.ts';
import { print, printJson, remark } from '../terminal.ts';
import { checkedReportFiles, writeReports } from '../write-reports.ts';

interface Options {
  readonly orders?: number;
  readonly concurrency?: number;
  readonly rate?: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly report?: readonly string[];
  readonly successRate?: number;
}

/** How long a test that is stopped waits for answers that are under way, in milliseconds. */
const ANSWER_GRACE_MS = 5_000;

/** What `--json` prints and the reports hold: the load's report, and for smoke what the API refused. */
export interface TestReport extends LoadReport {
  readonly refusals: readonly Check[];
}

/** One of the four tests, as a command. */
export function test(name: TestName): CommandAction<Options> {
  return async (context, _args, options) => {
    checkedReportFiles(options.report ?? []);
    const target = await context.target();
    remark(
      context.terminal,
      `${name} test of ${target.names.prefix} at ${apiUrlOf(target)} (${target.origin})`,
    );
    const refusals = name === 'smoke' ? await checkRefusals(context, target) : [];
    const load = await sendAndFollow(context, target, name, options);
    const passed = load.passed && refusals.every((check) => check.passed);
    const report: TestReport = { ...load, passed, refusals };
    if (context.terminal.json) {
      printJson(context.terminal, report);
    } else {
      print(context.terminal, reportLines(context.terminal, report).join('\n'));
    }
    // Last, so that a disk that is full by now takes neither the report nor the verdict away.
    await writeReports(context.terminal, report, options.report ?? []);
    return exitStatus(report);
  };
}

function exitStatus(report: TestReport): ExitStatus {
  if (report.interrupted) {
    return EXIT.interrupted;
  }
  return report.passed ? EXIT.ok : EXIT.no;
}

async function checkRefusals(context: CommandContext, target: Target): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for await (const check of runSmokeCases(target, context.stop)) {
    checks.push(check);
    if (!context.terminal.json) {
      print(context.terminal, checkLine(context.terminal, check));
    }
  }
  return checks;
}

async function sendAndFollow(
  context: CommandContext,
  target: Target,
  name: TestName,
  options: Options,
): Promise<LoadReport> {
  const plan: LoadPlan = {
    orders: options.orders ?? TESTS[name].orders,
    concurrency: options.concurrency ?? TESTS[name].concurrency,
    settleTimeoutMs: options.timeout,
    ...(options.rate === undefined ? {} : { ratePerSecond: options.rate }),
  };
  const soon = <T>(lookUp: Promise<T>) => soonAfterStop(context.stop, ANSWER_GRACE_MS, lookUp);
  const queuesBefore = await findOut(() => soon(queueDepths(target)));
  const progress = startProgress(context.terminal, plan.orders);
  const runId = Date.now().toString(36);
  const run = await runLoad(target, plan, (index) => testOrder(name, runId, index), {
    signal: context.stop,
    onProgress: progress.update,
    answerGraceMs: ANSWER_GRACE_MS,
    onStopping: (unanswered) => {
      progress.stop();
      remark(
        context.terminal,
        `stopping: waiting for ${unanswered} answers, ${ANSWER_GRACE_MS / 1000} s at most`,
      );
    },
  }).finally(progress.stop);
  const configuredRate =
    options.successRate === undefined
      ? await findOut(() => soon(configuredSuccessRate(target)))
      : found(options.successRate);
  // While orders are under way their messages shall be seen where they are: no waiting then.
  const settleMs = run.traces.some(isUnderWay) ? 0 : QUEUE_SETTLE_MS;
  return loadReport(run, {
    test: name,
    environment: target.environment,
    apiUrl: apiUrlOf(target),
    plan,
    configuredRate,
    queues: queuesBefore.known
      ? await findOut(() => soon(settledQueues(target, queuesBefore.value, settleMs, context.stop)))
      : queuesBefore,
  });
}

function isUnderWay({ orderId, outcome }: OrderTrace): boolean {
  return orderId !== undefined && outcome === undefined;
}

const PRODUCTS = ['prod-widget-001', 'prod-gadget-002', 'prod-gizmo-003'] as const;

/** Every order is another customer's, of one to three items. */
function testOrder(name: TestName, runId: string, index: number): OrderRequest {
  const items = PRODUCTS.slice(0, 1 + (index % PRODUCTS.length)).map((product_id, position) => ({
    product_id,
    quantity: 1 + ((index + position) % 5),
  }));
  return { customer_id: `${name}-${runId}-${index}`, items };
}

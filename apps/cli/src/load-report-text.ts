import { type Check, type LoadReport } from '@dofs/operations/load-report';
import type { Latencies } from '@dofs/operations/statistics';
import type { TestReport } from './commands/test.ts';
import { milliseconds, percent } from './number-text.ts';
import { paint, type Terminal } from './terminal.ts';

/** One check as a line. */
export function checkLine(terminal: Terminal, { name, passed, detail }: Check): string {
  const mark = passed ? paint(terminal, 'green', 'ok  ') : paint(terminal, 'red', 'FAIL');
  return `  ${mark}  ${name.padEnd(42)}  ${paint(terminal, 'dim', detail)}`;
}

/** A test's report for a terminal. */
export function reportLines(terminal: Terminal, report: TestReport): readonly string[] {
  return [
    '',
    ...facts(report).map(([label, text]) => `${label.padEnd(18)}${text}`),
    '',
    ...report.checks.map((check) => checkLine(terminal, check)),
    '',
    `${report.test} test ${verdict(terminal, report)} ${(report.durationMs / 1000).toFixed(1)} s`,
  ];
}

function verdict(terminal: Terminal, { interrupted, passed }: TestReport): string {
  if (interrupted) {
    return `${paint(terminal, ['yellow', 'bold'], 'INTERRUPTED')}, this is what is known, after`;
  }
  return `${passed ? paint(terminal, ['green', 'bold'], 'PASSED') : paint(terminal, ['red', 'bold'], 'FAILED')} in`;
}

/** What the run found out, as label and text; the page shows the same. */
export function facts(report: LoadReport): readonly (readonly [string, string])[] {
  const { throughput, queues } = report;
  return [
    ['orders', `${report.accepted} of ${report.plan.orders} accepted${refusedText(report)}`],
    ['outcomes', outcomesText(report)],
    ['success rate', successRateText(report)],
    ['HTTP latency', latencyText(report.httpLatencyMs)],
    ['end to end', latencyText(report.endToEndMs)],
    [
      'throughput',
      `${throughput.acceptedPerSecond.toFixed(1)} orders/s accepted, ${throughput.settledPerSecond.toFixed(1)} orders/s ended`,
    ],
    [
      'queues',
      queues.known
        ? queues.value
            .map(({ queue, visible, inFlight }) => `${queue} ${visible} waiting, ${inFlight} in flight`)
            .join('; ')
        : `unknown: ${queues.why}`,
    ],
  ];
}

function refusedText(report: LoadReport): string {
  const notSent = report.plan.orders - report.sent;
  return [
    ...report.refused.map(({ message, count }) => `; ${count} refused: ${message}`),
    ...(report.answerUnknown > 0 ? [`; ${report.answerUnknown} without an answer when it was stopped`] : []),
    ...(notSent > 0 ? [`; ${notSent} not sent`] : []),
  ].join('');
}

function outcomesText(report: LoadReport): string {
  const sources = Object.entries(report.failedBySource).map(([source, count]) => `${source} ${count}`);
  const failed = `${report.failed} FAILED${sources.length === 0 ? '' : ` (${sources.join(', ')})`}`;
  const [first] = report.unsettledOrders;
  const unsettled = first === undefined ? '' : `, ${report.unsettled} without an end, such as ${first}`;
  return `${report.fulfilled} FULFILLED, ${failed}${unsettled}`;
}

function successRateText({ successRate }: LoadReport): string {
  const { observed, interval95, configured } = successRate;
  if (observed === null || interval95 === null) {
    return 'unknown: no order was decided';
  }
  const seen = `${percent(observed)}, 95 % interval ${percent(interval95.low)} to ${percent(interval95.high)}`;
  const setting = configured.known
    ? `set to ${percent(configured.value)}`
    : `its setting is unknown: ${configured.why}`;
  return `${seen}; ${setting}`;
}

function latencyText(value: Latencies | null): string {
  return value === null
    ? 'unknown'
    : `p50 ${milliseconds(value.p50)}, p95 ${milliseconds(value.p95)}, p99 ${milliseconds(value.p99)}, max ${milliseconds(value.max)}`;
}

import type { TestReport } from './commands/test.ts';
import { facts } from './load-report-text.ts';
import { milliseconds } from './number-text.ts';
import { dotPlot, histogram, linePlot } from './svg-plots.ts';

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #667085; --line: #d5dae1; --paper: #fff;
  --good: #1a7f4b; --bad: #c0362c; --blue: #2b6cb0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --soft: #9aa4b2; --line: #343b46; --paper: #14181e;
  --good: #4cc38a; --bad: #ff8279; --blue: #7ab8f5; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
.soft { color: var(--soft); } .good { color: var(--good); } .bad { color: var(--bad); }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .3rem .8rem .3rem 0;
  border-bottom: 1px solid var(--line); vertical-align: top; } th { font-weight: 600; white-space: nowrap; }
svg { width: 100%; height: auto; display: block; } svg text { font: 11px system-ui, sans-serif; fill: var(--soft); }
svg .axis { stroke: var(--line); } svg .bar { fill: var(--blue); } svg .line { fill: none; stroke-width: 2; }
svg .accepted { stroke: var(--blue); fill: var(--blue); } svg .FULFILLED { fill: var(--good); stroke: var(--good); }
svg .FAILED { fill: var(--bad); stroke: var(--bad); } svg .line { fill: none; }`;

/** A test's report as one page that needs nothing else: no script, no font, no picture from anywhere. */
export function htmlReport(report: TestReport): string {
  const verdict = report.passed ? '<span class="good">passed</span>' : '<span class="bad">failed</span>';
  const title = `${report.test} test of ${report.environment}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${STYLE}</style></head><body>
<h1>${escaped(title)}: ${verdict}</h1>
<p class="soft">${escaped(report.apiUrl)} · ${escaped(report.startedAt)} · ${(report.durationMs / 1000).toFixed(1)} s${
    report.interrupted ? ' · interrupted: this is what was known then' : ''
  }</p>
<h2>Checks</h2>
<table>${[...report.refusals, ...report.checks].map(checkRow).join('')}</table>
<h2>Findings</h2>
<table>${facts(report)
    .map(([label, text]) => row(escaped(label), escaped(text)))
    .join('')}</table>
${plots(report)}
<h2>Orders</h2>
<table><tr><th>#</th><th>order</th><th>HTTP</th><th>end to end</th><th>outcome</th></tr>
${report.traces.map(traceRow).join('\n')}</table>
</body></html>`;
}

function plots({ traces }: TestReport): string {
  const http = traces.flatMap(({ sentMs, answeredMs }) =>
    sentMs === undefined || answeredMs === undefined ? [] : [answeredMs - sentMs],
  );
  const answered = traces.flatMap(({ answeredMs, orderId }) =>
    orderId === undefined ? [] : (answeredMs ?? []),
  );
  const endings = (outcome: string) =>
    traces.flatMap((trace) => (trace.outcome === outcome ? (trace.settledMs ?? []) : []));
  const dots = traces.flatMap(({ sentMs, endToEndMs, outcome }) =>
    sentMs === undefined || endToEndMs === undefined || outcome === undefined
      ? []
      : [{ x: sentMs, y: endToEndMs, kind: outcome }],
  );
  return [
    '<h2>Orders over time</h2>',
    linePlot([
      { label: 'accepted', times: answered },
      { label: 'FULFILLED', times: endings('FULFILLED') },
      { label: 'FAILED', times: endings('FAILED') },
    ]),
    '<h2>HTTP latency of submissions</h2>',
    histogram(http),
    '<h2>End to end, by when the order was sent</h2>',
    dotPlot(dots),
  ].join('\n');
}

function checkRow({ name, passed, detail }: { name: string; passed: boolean; detail: string }): string {
  const mark = passed ? '<span class="good">ok</span>' : '<span class="bad">FAIL</span>';
  return `<tr><td>${mark}</td><td>${escaped(name)}</td><td class="soft">${escaped(detail)}</td></tr>`;
}

function row(label: string, text: string): string {
  return `<tr><th>${label}</th><td>${text}</td></tr>`;
}

function traceRow(trace: TestReport['traces'][number]): string {
  const http =
    trace.answeredMs === undefined || trace.sentMs === undefined
      ? ''
      : milliseconds(trace.answeredMs - trace.sentMs);
  const end = trace.endToEndMs === undefined ? '' : milliseconds(trace.endToEndMs);
  const reason = trace.refusal?.message ?? trace.failureReason ?? trace.lookError ?? '';
  const outcome = `${trace.outcome ?? unsettledText(trace)} ${reason}`.trim();
  const cells = [String(trace.index), trace.orderId ?? '', http, end, outcome];
  return `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
}

function unsettledText({ refusal, answerUnknown }: TestReport['traces'][number]): string {
  if (answerUnknown === true) {
    return 'answer unknown';
  }
  return refusal === undefined ? 'no end seen' : 'refused';
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

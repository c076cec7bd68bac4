import { table } from '../table.ts';
import type { Simulation } from './simulation.ts';
import type { SizeLimit } from './size-limits.ts';

/** A simulation for people. */
export function simulationReport({
  rate,
  type,
  bindings,
  burst,
  outage,
  growth,
  scenario,
}: Simulation): string {
  const rows = bindings.map((binding) => [
    binding.service,
    binding.limit,
    `${number(binding.value)} ${binding.unit}${binding.bucket === 0 ? '' : `, bucket ${number(binding.bucket)}`}`,
    `${number(rate * binding.perOrder)} (${percent(rate / binding.carries)})`,
    number(binding.carries),
    binding.raise,
  ]);
  const [first] = bindings;
  const verdict =
    first === undefined || rate <= first.carries
      ? `${number(rate)} orders a second fit. First to bind: ${first?.service} ${first?.limit}, at ${number(first?.carries ?? 0)} orders a second.`
      : `${number(rate)} orders a second don't fit: ${first.service} ${first.limit} carries ${number(first.carries)}. Beyond it: ${first.beyond}.`;
  return [
    `${type} at ${number(rate)} orders a second`,
    '',
    table(['service', 'limit', 'value', 'used', 'carries orders/s', 'raised by'], rows, [3, 4]),
    '',
    verdict,
    `The rate may grow by ${number(growth)} orders a second every second: Lambda scales its functions no faster.`,
    '',
    `A burst of ${number(rate)} orders a second for ${number(scenario.burstSeconds / 60)} minutes, then ${number(scenario.baseRate)}: ${backlogText(burst)}`,
    `Fulfilment out for ${number(scenario.outageSeconds / 60)} minutes at ${number(scenario.baseRate)} orders a second: ${backlogText(outage)}`,
  ].join('\n');
}

/** The limits of size, with what the largest order takes of them. */
export function sizeReport(limits: readonly SizeLimit[]): string {
  const rows = limits.map(({ service, limit, bytes, largest }) => [
    service,
    limit,
    number(bytes),
    `${number(largest)} (${percent(largest / bytes)})`,
  ]);
  return [
    'Limits of size, which nothing raises',
    '',
    table(['service', 'limit', 'bytes', 'taken by the largest order'], rows, [2, 3]),
  ].join('\n');
}

function backlogText(result: Simulation['burst']): string {
  const waits = [
    waitText('executions wait to store their order', result.peakUnstored, result.longestUnstoredSeconds),
    waitText('orders wait in the queue', result.peakBacklog, result.longestWaitSeconds),
  ].filter((text) => text !== undefined);
  const drain =
    result.drainSeconds === undefined
      ? ', which never drains'
      : `, drained ${duration(result.drainSeconds)} after`;
  const backlog = waits.length === 0 ? 'nothing waits' : `${waits.join('; ')}${drain}`;
  return `${number(result.accepted)} accepted, ${number(result.refused)} refused; ${backlog}.`;
}

function waitText(who: string, peak: number, longestSeconds: number): string | undefined {
  return peak === 0 ? undefined : `up to ${number(peak)} ${who}, the longest ${duration(longestSeconds)}`;
}

function duration(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : `${number(seconds / 60)} min`;
}

function percent(share: number): string {
  return `${number(share * 100)} %`;
}

function number(value: number): string {
  return value < 1000
    ? value.toLocaleString('en-US', { maximumSignificantDigits: 3 })
    : Math.round(value).toLocaleString('en-US');
}

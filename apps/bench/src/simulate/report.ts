import { table } from '../table.ts';
import type { Simulation } from './simulation.ts';

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
    `${number(binding.value)} ${binding.unit}`,
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
    `The rate may grow by ${number(growth)} orders a second every second: Lambda makes no more new environments.`,
    '',
    `A burst of ${number(rate)} orders a second for ${number(scenario.burstSeconds / 60)} minutes, then ${number(scenario.baseRate)}: ${backlogText(burst)}`,
    `Fulfilment out for ${number(scenario.outageSeconds / 60)} minutes at ${number(scenario.baseRate)} orders a second: ${backlogText(outage)}`,
  ].join('\n');
}

function backlogText(result: Simulation['burst']): string {
  const drain =
    result.drainSeconds === undefined
      ? 'which never drains'
      : `drained ${duration(result.drainSeconds)} after`;
  const backlog =
    result.peakBacklog === 0
      ? 'no backlog'
      : `up to ${number(result.peakBacklog)} orders wait, the longest ${duration(result.longestWaitSeconds)}, ${drain}`;
  return `${number(result.accepted)} accepted, ${number(result.refused)} refused; ${backlog}.`;
}

function duration(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : `${number(seconds / 60)} min`;
}

function percent(share: number): string {
  return `${number(share * 100)} %`;
}

function number(value: number): string {
  return value.toLocaleString('en-US', {
    maximumSignificantDigits: value < 1000 ? 3 : 6,
    maximumFractionDigits: value < 1000 ? 2 : 0,
  });
}

import { describeSamples, short, type Samples } from '../measure/samples.ts';
import type { Soak } from '../measure/soak.ts';
import type { BenchResult } from './run-bench.ts';
import { NPM_TEST, SYNTH } from './slow-measurements.ts';
import { FIRST_ACCEPTED } from './start-up.ts';

/** Something that was promised, and whether this run kept it. */
export interface Goal {
  readonly name: string;
  readonly goal: string;
  readonly measured: string;
  readonly reached: boolean;
}

const LOAD_MS = 60;
const ZIP_BYTES = 200_000;
const ORDERS_PER_SECOND = 100;
const CLIENTS = 50;
const FULL_TABLE = 100_000;
/** Of the rate with few orders stored. */
const FULL_TABLE_PERCENT = 90;
/** Milliseconds. */
const [START_MS, SYNTH_MS, TEST_MS] = [3_000, 4_000, 90_000];
/**
 * MB per 1,000 orders. A system that keeps everything in memory takes 60 (docs/performance.md); memory is called flat
 * where at most a tenth of an order stays, whatever the spread of the slope.
 */
const GROWTH_MB = 6;

/** Judges what was measured, each figure by its median; what wasn't measured has no line. */
export function goalsOf(result: Omit<BenchResult, 'goals'>): Goal[] {
  const waits = [...result.startUp, ...result.slow];
  return [
    ...result.bundles.map(({ app, elapsedOverBareMs }) =>
      atMost(`loading ${app} over bare node`, elapsedOverBareMs, LOAD_MS),
    ),
    ...result.bundles
      .filter(({ app }) => app === 'api-handler')
      .map(({ zippedBytes }) => ({
        name: 'zip of api-handler',
        goal: `at most ${ZIP_BYTES / 1000} kB`,
        measured: `${short(zippedBytes / 1000)} kB`,
        reached: zippedBytes <= ZIP_BYTES,
      })),
    ...speedGoals(result),
    flatMemory(result.soak),
    ...(
      [
        [FIRST_ACCEPTED, START_MS],
        [SYNTH, SYNTH_MS],
        [NPM_TEST, TEST_MS],
      ] as const
    ).flatMap(([wanted, ms]) =>
      waits.filter(({ name }) => name === wanted).map((values) => atMost(wanted, values, ms)),
    ),
  ];
}

function atMost(name: string, values: Samples, most: number): Goal {
  return {
    name,
    goal: `at most ${short(most)} ${values.unit}`,
    measured: describeSamples(values),
    reached: values.median <= most,
  };
}

function speedGoals({ load }: Pick<BenchResult, 'load'>): Goal[] {
  const settings = load.filter(({ clients }) => clients === CLIENTS);
  const [few] = settings;
  const full = settings.find(({ stored }) => stored >= FULL_TABLE);
  const rates = settings.map(({ stored, finishedPerSecond }) => ({
    name: `${CLIENTS} clients, ${short(stored)} orders stored`,
    goal: `at least ${ORDERS_PER_SECOND} orders/s`,
    measured: describeSamples(finishedPerSecond),
    reached: finishedPerSecond.median >= ORDERS_PER_SECOND,
  }));
  if (few === undefined || full === undefined || few === full) {
    return rates;
  }
  const percent = (100 * full.finishedPerSecond.median) / few.finishedPerSecond.median;
  return [
    ...rates,
    {
      name: `${short(full.stored)} orders stored against ${short(few.stored)}`,
      goal: `at least ${FULL_TABLE_PERCENT} %`,
      measured: `${short(percent)} %`,
      reached: percent >= FULL_TABLE_PERCENT,
    },
  ];
}

function flatMemory({ clients, memory, growth }: Soak): Goal {
  return {
    name: `growth of memory at ${clients} clients, second half of ${short(memory.at(-1)?.orders ?? 0)} orders`,
    goal: `under ${GROWTH_MB} MB per 1,000 orders`,
    measured:
      growth === undefined
        ? 'too few samples'
        : `${growth.slope.toFixed(1)} (${growth.low.toFixed(1)} to ${growth.high.toFixed(1)})`,
    reached: growth !== undefined && growth.high < GROWTH_MB,
  };
}

import { budgetsOf } from './budgets.ts';
import type { Limit } from './limits.ts';
import { longestWait } from './longest-wait.ts';

/** Traffic over time, and when fulfilment works. */
export interface Scenario {
  /** Orders a second that clients send outside and inside the burst. */
  readonly baseRate: number;
  readonly burstRate: number;
  readonly burstSeconds: number;
  /** For how long, from the start, no message is consumed. */
  readonly outageSeconds: number;
}

export interface BacklogResult {
  /** Orders sent in the burst (or outage) that the API refused; a client that tries again gets them in later. */
  readonly refused: number;
  readonly accepted: number;
  /** Orders settled by the end of the burst (or outage). */
  readonly settled: number;
  /** Most executions at once whose order is not stored yet, and the longest that one waited, in seconds. */
  readonly peakUnstored: number;
  readonly longestUnstoredSeconds: number;
  /** Most orders in the queue at once, and the longest that one waited there, in seconds. */
  readonly peakBacklog: number;
  readonly longestWaitSeconds: number;
  /** Seconds from the end of burst and outage until nothing waits any more; undefined: it never comes to that. */
  readonly drainSeconds: number | undefined;
  /** Queue lengths, one each `sampleSeconds`. */
  readonly samples: readonly number[];
  readonly sampleSeconds: number;
}

/** What moves in one second, and what waits at its end: orders. */
interface Second {
  readonly sent: number;
  readonly started: number;
  readonly stored: number;
  readonly settled: number;
  readonly unstored: number;
  readonly queued: number;
}

/** Longest time simulated: beyond the queue's retention of four days orders would be lost. */
const HORIZON_SECONDS = 4 * 86_400;
const MOST_SAMPLES = 120;

/**
 * A fluid simulation, second by second. In each, every limit gives what it gives; orders that arrive take theirs first,
 * then those that wait to be stored, then those in the queue. What the limits leave no room for waits, or is refused
 * at the door. Orders that wait are never given up: the retries of the real workflow and queue end.
 */
export function simulateBacklog(limits: readonly Limit[], scenario: Scenario): BacklogResult {
  const trouble = Math.max(scenario.burstSeconds, scenario.outageSeconds);
  const seconds = run(limits, scenario, trouble);
  const last = seconds.at(-1);
  const inTrouble = seconds.slice(0, Math.ceil(trouble));
  const accepted = sum(inTrouble.map(({ started }) => started));
  const queueLengths = seconds.map(({ queued }) => queued);
  const stored = seconds.map((second) => second.stored);
  const sampleSeconds = Math.ceil(seconds.length / MOST_SAMPLES);
  return {
    accepted,
    refused: sum(inTrouble.map(({ sent }) => sent)) - accepted,
    settled: sum(inTrouble.map(({ settled }) => settled)),
    peakUnstored: Math.ceil(highest(seconds.map(({ unstored }) => unstored))),
    longestUnstoredSeconds: longestWait(
      seconds.map(({ started }) => started),
      stored,
    ),
    peakBacklog: Math.ceil(highest(queueLengths)),
    longestWaitSeconds: longestWait(
      stored,
      seconds.map(({ settled }) => settled),
    ),
    drainSeconds: last !== undefined && nothingWaits(last) ? seconds.length - 1 - trouble : undefined,
    samples: queueLengths.filter((_, index) => index % sampleSeconds === 0),
    sampleSeconds,
  };
}

/** Runs until the trouble is over and nothing waits any more, or for ever, which is the horizon. */
function run(limits: readonly Limit[], scenario: Scenario, trouble: number): Second[] {
  const budgets = budgetsOf(limits);
  const seconds: Second[] = [];
  let [unstored, queued] = [0, 0];
  for (let second = 0; second < HORIZON_SECONDS; second += 1) {
    const works = second >= scenario.outageSeconds;
    budgets.begin(works ? second - scenario.outageSeconds : undefined);
    const sent = second < scenario.burstSeconds ? scenario.burstRate : scenario.baseRate;
    const started = budgets.take('start', budgets.take('arrive', sent));
    const stored = budgets.take('store', unstored + started);
    const settled = works ? budgets.take('settle', queued + stored) : 0;
    unstored += started - stored;
    queued += stored - settled;
    const now = { sent, started, stored, settled, unstored, queued };
    seconds.push(now);
    if (second >= trouble && nothingWaits(now)) {
      break;
    }
  }
  return seconds;
}

/** Sums of fractions are never exactly empty. */
function nothingWaits({ unstored, queued }: Second): boolean {
  return unstored + queued < 1e-6;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function highest(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), 0);
}

import { drainRate, type Design, type WorkflowType } from './design.ts';
import { QUOTAS } from './quotas.ts';

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
  /** Orders sent in the burst that the API refused; a client that tries again gets them in later. */
  readonly refused: number;
  readonly accepted: number;
  /** Most orders in the queue at once. */
  readonly peakBacklog: number;
  /** Longest wait of an order in the queue, in seconds, at the back of the longest queue. */
  readonly longestWaitSeconds: number;
  /** Seconds from the end of burst and outage until the queue is empty; undefined: it never is. */
  readonly drainSeconds: number | undefined;
  /** Queue lengths, one each `sampleSeconds`. */
  readonly samples: readonly number[];
  readonly sampleSeconds: number;
}

/** Longest time simulated: beyond the queue's retention of four days orders would be lost. */
const HORIZON_SECONDS = 4 * 86_400;
const MOST_SAMPLES = 120;

/**
 * A fluid simulation, second by second: tokens let orders in, consumers grow as Lambda grows them and settle
 * what the status index takes, the queue holds the difference.
 */
export function simulateBacklog(design: Design, type: WorkflowType, scenario: Scenario): BacklogResult {
  const door = admission(design, type);
  const perConsumer = drainRate(design) / design.consumers;
  const writable = QUOTAS.newTableWrites.value / design.settleIndexWrites;
  const trouble = Math.max(scenario.burstSeconds, scenario.outageSeconds);
  const queueLengths: number[] = [];
  let [queue, peak, refused, accepted, longestWait] = [0, 0, 0, 0, 0];
  let consumers = 0;
  let second = 0;
  for (; second < HORIZON_SECONDS; second += 1) {
    const sent = second < scenario.burstSeconds ? scenario.burstRate : scenario.baseRate;
    const admitted = door(sent);
    accepted += admitted;
    refused += sent - admitted;
    const works = second >= scenario.outageSeconds;
    consumers = works ? nextConsumers(consumers, design) : 0;
    const capacity = Math.min(consumers * perConsumer, writable);
    queue = Math.max(0, queue + admitted - capacity);
    peak = Math.max(peak, queue);
    longestWait = Math.max(longestWait, works ? queue / capacity : scenario.outageSeconds - second);
    queueLengths.push(queue);
    if (second >= trouble && queue === 0) {
      break;
    }
  }
  const drained = second < HORIZON_SECONDS;
  const sampleSeconds = Math.ceil(queueLengths.length / MOST_SAMPLES);
  return {
    refused,
    accepted,
    peakBacklog: Math.ceil(peak),
    longestWaitSeconds: peak === 0 ? 0 : Math.ceil(longestWait),
    drainSeconds: drained ? second - trouble : undefined,
    samples: queueLengths.filter((_, index) => index % sampleSeconds === 0),
    sampleSeconds,
  };
}

/** Lambda begins with a few batches at once and adds more each second, up to the mapping's limit. */
function nextConsumers(consumers: number, design: Design): number {
  const most = Math.min(design.consumers, QUOTAS.pollers.value);
  const grown = consumers === 0 ? QUOTAS.pollersAtFirst.value : consumers + QUOTAS.pollerGrowth.value;
  return Math.min(most, grown);
}

/** Orders let in each second: by the stage's throttling and by the bucket of StartExecution. */
function admission(design: Design, type: WorkflowType): (sent: number) => number {
  const start = type === 'STANDARD' ? QUOTAS.startExecutionStandard : QUOTAS.startExecutionExpress;
  const buckets = [
    { size: design.stageBurst, refill: design.stageRate, tokens: design.stageBurst },
    { size: start.bucket, refill: start.value, tokens: start.bucket },
  ];
  return (sent) => {
    const admitted = Math.min(sent, ...buckets.map(({ tokens }) => tokens));
    for (const bucket of buckets) {
      bucket.tokens = Math.min(bucket.size, bucket.tokens - admitted + bucket.refill);
    }
    return admitted;
  };
}

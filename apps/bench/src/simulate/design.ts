export type WorkflowType = 'STANDARD' | 'EXPRESS';

/**
 * What the simulation takes the design to be. Counts come from the metered good path (docs/performance.md), settings
 * are production's, durations are assumptions for warm functions of 256 MB: measure your own and pass them.
 */
export interface Design {
  /** Requests a second that the stage's own throttling lets through: `throttlingRateLimit`, and its burst. */
  readonly stageRate: number;
  readonly stageBurst: number;
  /** `queueBatchSize` and `queueMaximumConcurrency` of order-queue's event source mapping. */
  readonly batchSize: number;
  readonly consumers: number;
  /** Concurrent executions that the account grants. */
  readonly accountConcurrency: number;
  /** Milliseconds of one invocation. */
  readonly apiHandlerMs: number;
  readonly validatorMs: number;
  readonly orderStorageMs: number;
  /** Milliseconds of one batch, full. */
  readonly batchMs: number;
  readonly transitionsPerOrder: number;
  /** DynamoDB write units of an order: in the table, and in the busiest partition of its status index. */
  readonly tableWritesPerOrder: number;
  readonly indexWritesPerOrder: number;
  readonly statusShards: number;
  /** Write units in the status index when an order is settled: the entry moves. */
  readonly settleIndexWrites: number;
}

export const PRODUCTION: Design = {
  stageRate: 500,
  stageBurst: 1_000,
  batchSize: 10,
  consumers: 50,
  accountConcurrency: 1_000,
  apiHandlerMs: 40,
  validatorMs: 5,
  orderStorageMs: 20,
  batchMs: 150,
  transitionsPerOrder: 6,
  tableWritesPerOrder: 2,
  // Stored as PROCESSING (1), then moved to its last state (2).
  indexWritesPerOrder: 3,
  statusShards: 10,
  settleIndexWrites: 2,
};

/** Orders a second that the queue's consumers finish when all of them work. */
export function drainRate(design: Design): number {
  return (design.consumers * design.batchSize * 1000) / design.batchMs;
}

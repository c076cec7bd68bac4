export type WorkflowType = 'STANDARD' | 'EXPRESS';

/** DynamoDB write units of an order: when it is stored, and when it is settled. */
export interface Writes {
  readonly store: number;
  readonly settle: number;
}

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
  /** Milliseconds of one invocation. */
  readonly apiHandlerMs: number;
  readonly validatorMs: number;
  readonly orderStorageMs: number;
  /** Milliseconds of one batch, full. */
  readonly batchMs: number;
  readonly transitionsPerOrder: number;
  /** In `orders`, and in its status index. */
  readonly tableWrites: Writes;
  readonly indexWrites: Writes;
  readonly statusShards: number;
}

export const PRODUCTION: Design = {
  stageRate: 1_000,
  stageBurst: 2_000,
  batchSize: 10,
  consumers: 50,
  apiHandlerMs: 40,
  validatorMs: 5,
  orderStorageMs: 20,
  batchMs: 150,
  transitionsPerOrder: 6,
  tableWrites: { store: 1, settle: 1 },
  // Stored as PROCESSING (1), then moved to its last state (2).
  indexWrites: { store: 1, settle: 2 },
  statusShards: 10,
};

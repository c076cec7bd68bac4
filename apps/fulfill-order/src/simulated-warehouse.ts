import { createHash } from 'node:crypto';
import type { Fulfillment } from './fulfillment.ts';

/** The technical error that the simulator injects at the configured rate. */
export class WarehouseUnreachableError extends Error {
  override readonly name = 'WarehouseUnreachableError';
  constructor() {
    super('the simulated warehouse did not answer');
  }
}

export interface SimulatorRates {
  /** Share of orders that are fulfilled, 0 to 1. */
  readonly successRate: number;
  /** Share of deliveries that end in a technical error, 0 to 1. */
  readonly errorRate: number;
}

/**
 * A warehouse that decides by lot. The lot is drawn from the idempotency key, so that a request that is repeated gets
 * the same answer and nothing has to be remembered; a technical error is drawn for each delivery anew.
 */
export function simulatedWarehouse({ successRate, errorRate }: SimulatorRates): Fulfillment {
  return {
    async fulfil({ idempotencyKey, attempt, delivery }) {
      await Promise.resolve();
      if (lot('error', idempotencyKey, attempt, delivery) < errorRate) {
        throw new WarehouseUnreachableError();
      }
      return lot('outcome', idempotencyKey) < successRate
        ? { fulfilled: true }
        : { fulfilled: false, reason: 'the warehouse could not fulfil the order (simulated)' };
    },
  };
}

/** Evenly spread over [0, 1), and always the same for the same parts. */
function lot(...parts: readonly (string | number)[]): number {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

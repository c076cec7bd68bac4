import { simulateBacklog, type BacklogResult, type Scenario } from './backlog.ts';
import { bindings, type Binding } from './bindings.ts';
import type { WorkflowType } from './design.ts';
import type { SimulateOptions } from './options.ts';
import { QUOTAS } from './quotas.ts';

export interface Simulation {
  readonly type: WorkflowType;
  readonly rate: number;
  readonly bindings: readonly Binding[];
  /** Orders a second by which the rate may grow each second, as Lambda makes new environments. */
  readonly growth: number;
  readonly scenario: Scenario;
  readonly burst: BacklogResult;
  readonly outage: BacklogResult;
}

/** Sets the design against the quotas, once for each workflow type asked for. */
export function simulate(options: SimulateOptions): Simulation[] {
  const { rate, baseRate, design } = options;
  const scenario = {
    baseRate,
    burstRate: rate,
    burstSeconds: options.burstMinutes * 60,
    outageSeconds: options.outageMinutes * 60,
  };
  const slowest = Math.max(design.apiHandlerMs, design.validatorMs, design.orderStorageMs);
  return options.types.map((type) => ({
    type,
    rate,
    bindings: bindings(design, type),
    growth: (QUOTAS.scaling.value * 1000) / slowest,
    scenario,
    burst: simulateBacklog(design, type, { ...scenario, outageSeconds: 0 }),
    outage: simulateBacklog(design, type, { ...scenario, burstSeconds: 0 }),
  }));
}

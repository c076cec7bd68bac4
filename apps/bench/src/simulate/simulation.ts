import { simulateBacklog, type BacklogResult, type Scenario } from './backlog.ts';
import { bindings, type Binding } from './bindings.ts';
import type { Design, WorkflowType } from './design.ts';
import { limitsOf } from './limits.ts';
import type { SimulateOptions } from './options.ts';
import type { Quotas } from './quotas.ts';

export interface Simulation {
  readonly type: WorkflowType;
  readonly rate: number;
  readonly bindings: readonly Binding[];
  /** Orders a second by which the rate may grow each second, as Lambda scales each function. */
  readonly growth: number;
  readonly scenario: Scenario;
  readonly burst: BacklogResult;
  readonly outage: BacklogResult;
}

/** Sets the design against the quotas, once for each workflow type asked for. */
export function simulate(options: SimulateOptions): Simulation[] {
  const { rate, baseRate, design, quotas } = options;
  const scenario = {
    baseRate,
    burstRate: rate,
    burstSeconds: options.burstMinutes * 60,
    outageSeconds: options.outageMinutes * 60,
  };
  return options.types.map((type) => {
    const limits = limitsOf(design, type, quotas);
    return {
      type,
      rate,
      bindings: bindings(limits),
      growth: growthOf(design, quotas),
      scenario,
      burst: simulateBacklog(limits, { ...scenario, outageSeconds: 0 }),
      outage: simulateBacklog(limits, { ...scenario, burstSeconds: 0 }),
    };
  });
}

/** Lambda gives a function new environments and more requests at limited speeds; an order invokes each once. */
export function growthOf(design: Design, { scaling, scalingRequests }: Quotas): number {
  const slowest = Math.max(design.apiHandlerMs, design.validatorMs, design.orderStorageMs);
  return Math.min((scaling.value * 1000) / slowest, scalingRequests.value);
}

import { parseOrderRequest } from '@dofs/orders/order-request';
import { describe, expect, it } from 'vitest';
import { bindings } from './bindings.ts';
import { PRODUCTION, type Design, type WorkflowType } from './design.ts';
import { carries, limitsOf } from './limits.ts';
import { QUOTAS, type Quota, type QuotaName } from './quotas.ts';
import { quotasOf } from './quotas-of-region.ts';
import { growthOf } from './simulation.ts';
import { largestOrder, sizeLimits } from './size-limits.ts';

/** A design whose own settings bind nothing, so that AWS's quotas show. */
const OPEN = { ...PRODUCTION, stageRate: 100_000, stageBurst: 100_000, consumers: 1_000 };
/** Tables that have seen such traffic. */
const WARM = { newTableWrites: 40_000 };

function first(
  design: Design,
  type: WorkflowType,
  region = 'us-east-1',
  raised: Partial<Record<QuotaName, number>> = {},
) {
  return bindings(limitsOf(design, type, quotasOf(region, raised)))[0];
}

describe('which limit binds first', () => {
  it('is StartExecution’s rate for STANDARD, far beyond it a table that is new for EXPRESS', () => {
    // Assess
    expect(first(OPEN, 'STANDARD')).toMatchObject({ limit: 'StartExecution, STANDARD', carries: 300 });
    expect(first(OPEN, 'EXPRESS')).toMatchObject({ service: 'DynamoDB', carries: 4_000 / 3 });
  });

  it('is for STANDARD the state transitions in all but the three largest Regions', () => {
    // Assess
    for (const region of ['us-west-2', 'eu-west-1']) {
      expect(first(OPEN, 'STANDARD', region)).toMatchObject({ carries: 300 });
    }
    expect(first(OPEN, 'STANDARD', 'eu-central-1')).toMatchObject({
      limit: 'state transitions, STANDARD',
      carries: 800 / 6,
    });
  });

  it('is Lambda’s requests on warm tables: ten for each concurrent execution, shared by all functions', () => {
    // Act
    const binding = first(OPEN, 'EXPRESS', 'us-east-1', WARM);

    // Assess: 3 invocations an order, and a tenth of a batch
    expect(binding).toMatchObject({ service: 'Lambda', value: 10_000, carries: 10_000 / 3.1 });
    expect(first(OPEN, 'EXPRESS', 'us-east-1', { ...WARM, concurrency: 500 })?.carries).toBe(5_000 / 3.1);
  });

  it('is the stage’s own throttling where that is lower', () => {
    // Assess
    expect(first({ ...OPEN, stageRate: 50 }, 'STANDARD')).toMatchObject({
      limit: 'throttlingRateLimit of the stage',
      carries: 50,
    });
  });

  it('counts no state transitions for EXPRESS', () => {
    // Act
    const limits = limitsOf(OPEN, 'EXPRESS', quotasOf('us-east-1'));

    // Assess
    expect(limits.some(({ limit }) => limit.includes('transitions'))).toBe(false);
  });

  it('takes more concurrency for slower functions', () => {
    // Act
    const limits = limitsOf({ ...OPEN, apiHandlerMs: 25 }, 'EXPRESS', quotasOf('us-east-1'));
    const concurrency = limits.filter(({ limit }) => limit.startsWith('concurrent'));

    // Assess: 1,000 executions of 25 + 25 (validator, storage) + 15 (a batch's share) milliseconds
    expect(concurrency.map(carries)).toEqual([expect.closeTo(1_000 / 0.065, 6)]);
  });

  it('lets the rate grow as Lambda grows a function: by environments if it is slow, by requests if it is fast', () => {
    // Act
    const growth = (apiHandlerMs: number) => growthOf({ ...OPEN, apiHandlerMs }, quotasOf('us-east-1'));

    // Assess
    expect(growth(500)).toBe(200);
    expect(growth(40)).toBe(1_000);
  });
});

describe('the design', () => {
  it('has production’s settings', async () => {
    // Prepare: the CDKTF program is another app, which this one may not import
    const file = new URL('../../../infra/src/config/environments.ts', import.meta.url);

    // Act
    const { ENVIRONMENTS } = (await import(file.href)) as {
      readonly ENVIRONMENTS: { readonly prod: Readonly<Record<string, unknown>> };
    };

    // Assess
    expect(ENVIRONMENTS.prod).toMatchObject({
      throttlingRateLimit: PRODUCTION.stageRate,
      throttlingBurstLimit: PRODUCTION.stageBurst,
      queueBatchSize: PRODUCTION.batchSize,
      queueMaximumConcurrency: PRODUCTION.consumers,
    });
  });
});

describe('the quotas', () => {
  it('each have a page of AWS and a way to raise them', () => {
    // Assess
    expect(
      Object.values<Quota>(QUOTAS).filter(
        ({ source, raise }) => !source.startsWith('https://docs.aws.amazon.com/') || raise === '',
      ),
    ).toEqual([]);
  });
});

describe('the limits of size', () => {
  it('are met by no order that the HTTP contract lets in', () => {
    // Act
    const limits = sizeLimits(PRODUCTION);

    // Assess
    expect(parseOrderRequest(largestOrder()).valid).toBe(true);
    expect(limits.filter(({ largest, bytes }) => largest >= bytes)).toEqual([]);
  });
});

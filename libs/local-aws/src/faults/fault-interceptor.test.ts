import { describe, expect, it } from 'vitest';
import { AwsError, type JsonObject, type Principal, type ServiceCall } from '../service-call.ts';
import { faultInterceptor } from './fault-interceptor.ts';
import { createFaultPlan } from './fault-plan.ts';
import { checkCallers, FaultConfigError, parseFaultConfig, type FaultRule } from './fault-rules.ts';

const RULE: FaultRule = {
  name: 'throttled update',
  fault: 'throttle',
  service: 'dynamodb',
  operations: ['UpdateItem'],
  probability: 1,
};

const FULFILL_ORDER: Principal = {
  kind: 'role',
  roleArn: 'arn:aws:iam::1:role/r',
  user: 'dofs-dev-fulfill-order',
  instance: 'instance-1',
};

function call(change: Partial<ServiceCall> = {}): ServiceCall {
  return {
    service: 'dynamodb',
    operation: 'UpdateItem',
    input: { TableName: 'orders', Key: 'order-1' },
    principal: FULFILL_ORDER,
    ...change,
  };
}

/** An engine that answers everything and remembers it, behind the faults of the rules. */
function engineWith(
  rules: readonly FaultRule[],
  options: { seed?: number; answer?: JsonObject; elapsedMs?: number; closing?: AbortSignal } = {},
) {
  const reached: ServiceCall[] = [];
  const killed: string[] = [];
  const injected: string[] = [];
  const config = parseFaultConfig(JSON.stringify({ seed: options.seed ?? 7, subject: 'order-\\d+', rules }));
  const interceptor = faultInterceptor(
    createFaultPlan(config, () => options.elapsedMs ?? 0),
    {
      kill: (instance) => {
        killed.push(instance);
        return Promise.resolve();
      },
      injected: (rule, subject) => injected.push(`${rule.name}: ${subject}`),
      delay: () => Promise.resolve(),
      closing: options.closing ?? new AbortController().signal,
    },
  );
  const send = (asked: ServiceCall) =>
    interceptor(asked, (passed) => {
      reached.push(passed);
      return Promise.resolve(options.answer ?? {});
    });
  return { send, reached, killed, injected };
}

describe('an injected fault', () => {
  it('throttles with the error of the service, without an effect', async () => {
    // Prepare
    const engine = engineWith([RULE]);

    // Act
    const answer = engine.send(call());

    // Assess
    await expect(answer).rejects.toMatchObject({ code: 'ProvisionedThroughputExceededException' });
    expect(engine.reached).toEqual([]);
    expect(engine.injected).toEqual(['throttled update: order-1']);
  });

  it('loses the answer after the effect', async () => {
    // Prepare
    const engine = engineWith([{ ...RULE, fault: 'lost-answer' }]);

    // Act
    const answer = engine.send(call());

    // Assess
    await expect(answer).rejects.toBeInstanceOf(AwsError);
    expect(engine.reached).toHaveLength(1);
  });

  it.each([
    ['kill-before', 0],
    ['kill-after', 1],
  ] as const)('%s ends the caller with %i effects', async (fault, effects) => {
    // Prepare
    const engine = engineWith([{ ...RULE, fault }]);

    // Act
    await expect(engine.send(call())).rejects.toBeInstanceOf(AwsError);

    // Assess
    expect(engine.killed).toEqual(['instance-1']);
    expect(engine.reached).toHaveLength(effects);
  });

  it('makes a received message visible again, so that it is delivered twice', async () => {
    // Prepare
    const rule: FaultRule = {
      ...RULE,
      fault: 'duplicate-delivery',
      service: 'sqs',
      operations: ['ReceiveMessage'],
    };
    const answer = { Messages: [{ Body: 'order-1', ReceiptHandle: 'receipt' }] };
    const engine = engineWith([rule], { answer });

    // Act
    const received = await engine.send(
      call({ service: 'sqs', operation: 'ReceiveMessage', input: { QueueUrl: 'q' } }),
    );

    // Assess
    expect(received).toEqual(answer);
    expect(engine.reached.map(({ operation }) => operation)).toEqual([
      'ReceiveMessage',
      'ChangeMessageVisibility',
    ]);
  });

  it.each([
    ['throttle', { fault: 'throttle' }, 0],
    ['error', { fault: 'error', code: 'InternalError' }, 0],
    ['lost-answer', { fault: 'lost-answer' }, 1],
  ] as const)('of the kind %s hits a receive, which is about its queue', async (_, fault, effects) => {
    // Prepare
    const engine = engineWith([
      { ...RULE, ...fault, service: 'sqs', operations: ['ReceiveMessage'], atMost: 1 },
    ]);
    const receive = call({
      service: 'sqs',
      operation: 'ReceiveMessage',
      input: { QueueUrl: 'http://127.0.0.1/1/jobs' },
    });

    // Act
    const [first, second] = [engine.send(receive), engine.send(receive)];

    // Assess
    await expect(first).rejects.toBeInstanceOf(AwsError);
    await expect(second).resolves.toEqual({});
    expect(engine.reached).toHaveLength(effects + 1);
    expect(engine.injected).toEqual(['throttled update: jobs']);
  });

  it.each(['kill-before', 'kill-after'] as const)(
    '%s leaves a caller without an instance alone',
    async (fault) => {
      // Prepare
      const engine = engineWith([{ ...RULE, fault }]);
      const { instance: _, ...machine } = FULFILL_ORDER;

      // Act
      const answer = await engine.send(call({ principal: machine }));

      // Assess
      expect(answer).toEqual({});
      expect([engine.injected, engine.killed]).toEqual([[], []]);
    },
  );

  it('keeps a delayed call from a stack that closes', async () => {
    // Prepare
    const engine = engineWith([{ ...RULE, fault: 'slow', delayMs: 60_000 }], {
      closing: AbortSignal.abort(),
    });

    // Act
    const answer = engine.send(call());

    // Assess
    await expect(answer).rejects.toMatchObject({ statusCode: 503 });
    expect(engine.reached).toEqual([]);
  });

  it('leaves an operator, other callers and other operations alone', async () => {
    // Prepare
    const engine = engineWith([{ ...RULE, caller: 'dlq-handler' }]);

    // Act
    await engine.send(call());
    await engine.send(call({ operation: 'GetItem' }));
    await engine.send(call({ principal: { kind: 'operator' } }));

    // Assess
    expect(engine.reached).toHaveLength(3);
  });

  it('hits a subject at most as often as the rule says', async () => {
    // Prepare
    const engine = engineWith([{ ...RULE, atMost: 2 }]);

    // Act
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => engine.send(call())));

    // Assess
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  });

  it('hits a subject every time where the rule says so, and others never', async () => {
    // Prepare
    const engine = engineWith([{ ...RULE, probability: 0.5, everyTime: true }]);
    const subjects = Array.from({ length: 20 }, (_, n) => call({ input: { Key: `order-${n}` } }));

    // Act
    await Promise.allSettled([...subjects, ...subjects, ...subjects].map((one) => engine.send(one)));

    // Assess
    const hits = Map.groupBy(engine.injected, (line) => line);
    expect([...hits.values()].map(({ length }) => length)).toEqual([...hits].map(() => 3));
    expect(hits.size).toBeGreaterThan(3);
    expect(hits.size).toBeLessThan(17);
  });

  it('keeps to its time window', async () => {
    // Prepare
    const windowed = { ...RULE, fromMs: 100, untilMs: 200 };

    // Act
    const outcomes = await Promise.allSettled(
      [50, 150, 250].map((elapsedMs) => engineWith([windowed], { elapsedMs }).send(call())),
    );

    // Assess
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});

describe('a seed', () => {
  const subjects = Array.from({ length: 200 }, (_, n) => call({ input: { Key: `order-${n}` } }));
  const hitWith = async (seed: number, calls: readonly ServiceCall[]) => {
    const engine = engineWith([{ ...RULE, probability: 0.3 }], { seed });
    await Promise.allSettled(calls.map((one) => engine.send(one)));
    return engine.injected.toSorted();
  };

  it('hits the same subjects in whatever order they come', async () => {
    // Act
    const hits = await hitWith(7, subjects);
    const reversed = await hitWith(7, subjects.toReversed());

    // Assess
    expect(reversed).toEqual(hits);
    expect(hits.length).toBeGreaterThan(30);
    expect(hits.length).toBeLessThan(90);
  });

  it('hits others than another seed', async () => {
    expect(await hitWith(8, subjects)).not.toEqual(await hitWith(7, subjects));
  });
});

describe('a fault file', () => {
  it.each([
    ['not JSON', '{', /not JSON/],
    [
      'an unknown fault',
      JSON.stringify({ seed: 1, subject: 'x', rules: [{ ...RULE, fault: 'melt' }] }),
      /fault/,
    ],
    [
      'a slow rule without delayMs',
      JSON.stringify({ seed: 1, subject: 'x', rules: [{ ...RULE, fault: 'slow' }] }),
      /delayMs/,
    ],
    [
      'a probability of 2',
      JSON.stringify({ seed: 1, subject: 'x', rules: [{ ...RULE, probability: 2 }] }),
      /probability/,
    ],
    [
      'an operation that is not there',
      JSON.stringify({ seed: 1, subject: 'x', rules: [{ ...RULE, operations: ['PutItm'] }] }),
      /dynamodb has no operation PutItm; choose from .*PutItem/,
    ],
    [
      'a window that never opens',
      JSON.stringify({ seed: 1, subject: 'x', rules: [{ ...RULE, fromMs: 9, untilMs: 3 }] }),
      /fromMs 9 must be less than untilMs 3/,
    ],
    [
      'a subject that is no regular expression',
      JSON.stringify({ seed: 1, subject: '[', rules: [] }),
      /subject is no regular expression/,
    ],
  ])('is refused for %s, by name', (_, text, message) => {
    expect(() => parseFaultConfig(text)).toThrow(FaultConfigError);
    expect(() => parseFaultConfig(text)).toThrow(message);
  });

  it('is refused for a caller that the stack does not have', () => {
    // Prepare
    const config = (caller: string) => ({ seed: 1, subject: 'x', rules: [{ ...RULE, caller }] });
    const names = ['dofs-dev-fulfill-order', 'dofs-dev-order-processing'];

    // Act
    const check = (caller: string) => () => checkCallers(config(caller), names);

    // Assess
    expect(check('fulfill-order')).not.toThrow();
    expect(check('nosuch')).toThrow(FaultConfigError);
    expect(check('nosuch')).toThrow(/nothing is called nosuch; .*dofs-dev-fulfill-order/);
  });
});

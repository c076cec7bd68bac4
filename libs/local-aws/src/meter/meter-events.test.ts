import { beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../service-call.ts';
import type { FunctionDescription } from '../stack-description.ts';
import { meterPage } from './meter-page.ts';
import { request } from './meter-fixture.ts';
import { createMeter, type Meter } from './meter.ts';

const A = '11111111-1111-4111-8111-111111111111';
const B = '22222222-2222-4222-8222-222222222222';
const STACK = { functions: [{ name: 'work', memorySizeMb: 512 } as FunctionDescription], tables: [] };

describe('the meter of what is no call of an API', () => {
  let meter: Meter;
  beforeEach(() => {
    meter = createMeter(STACK, {
      subject: String.raw`thing_id\W+(?:S\W+)?([0-9a-f-]{36})`,
      mostSubjects: 100,
      clock: () => 0,
    });
  });

  const amounts = (subject: string, operation: string) =>
    meter.reading([subject]).subjects[subject]?.find((line) => line.operation === operation)?.amounts;

  it('bills a function by its memory, and finds in its answer whose call it was', async () => {
    // Prepare
    const payload = JSON.stringify({ statusCode: 200, body: JSON.stringify({ thing_id: A }) });
    const runner = meter.functions({
      invoke: () => Promise.resolve({ payload, billedMs: 100, requestId: 'r' }),
    });

    // Act
    await runner.invoke('arn:aws:lambda:us-east-1:123456789012:function:work', '{"requestId":"x"}');

    // Assess
    expect(amounts(A, 'Invoke')).toEqual({ invocations: 1, billedMs: 100, gbSeconds: 0.05 });
  });

  it('bills STANDARD executions by state and retry, EXPRESS ones by memory and time', () => {
    // Prepare
    const run = (type: 'STANDARD' | 'EXPRESS', id: string) => {
      const machine = { name: 'machine', type, definition: '{}' };
      const tell = (event: JsonObject) => meter.executionEvent(machine, `arn:thing_id:${id}`, 0, event);
      tell({ type: 'ExecutionStarted' });
      tell({ type: 'TaskStateEntered', stateEnteredEventDetails: { name: 'Store', input: '{}' } });
      tell({ type: 'TaskScheduled' });
      tell({ type: 'TaskFailed' });
      tell({ type: 'TaskScheduled' });
      tell({ type: 'TaskStateExited' });
      tell({ type: 'ExecutionSucceeded', timestamp: 0.101 });
    };

    // Act
    run('STANDARD', A);
    run('EXPRESS', B);

    // Assess
    expect(amounts(A, 'Store')).toEqual({ transitions: 2 });
    expect(amounts(A, 'execution')).toEqual({ transitions: 1 });
    expect(amounts(B, 'Store')).toEqual({});
    expect(amounts(B, 'execution')).toEqual({ executions: 1, gbSeconds: 0.0125 });
  });

  it('bills an EXPRESS execution’s milliseconds as the service rounds them', () => {
    // Prepare: 16.1 * 1000 is a little more than 16,100
    const machine = { name: 'machine', type: 'EXPRESS' as const, definition: '{}' };

    // Act
    meter.executionEvent(machine, `arn:thing_id:${A}`, 0, { type: 'ExecutionSucceeded', timestamp: 16.1 });

    // Assess
    expect(amounts(A, 'execution')).toEqual({ executions: 1, gbSeconds: 0.0625 * 16.1 });
  });

  it('meters log lines and API requests', () => {
    // Prepare
    const lines: string[] = [];
    const sink = meter.logs({
      append: (_, __, events) => lines.push(...events.map(({ message }) => message)),
    });

    // Act
    sink.append('/aws/lambda/work', 's', [{ timestamp: 0, message: `{"thing_id":"${A}"}` }]);
    meter.apiRequest(request('POST /thing'), `{"thing_id":"${A}"}`);

    // Assess
    expect(lines).toHaveLength(1);
    expect(amounts(A, 'PutLogEvents')).toEqual({ logBytes: 51 });
    expect(amounts(A, 'POST /thing')).toEqual({ apiRequests: 1 });
  });

  it('gives the lines that name nobody to whom their request was for', async () => {
    // Prepare
    const sink = meter.logs({ append: () => undefined });
    const log = (group: string, stream: string, ...messages: string[]) =>
      sink.append(
        group,
        stream,
        messages.map((message) => ({ timestamp: 0, message })),
      );
    const runner = meter.functions({
      invoke() {
        log('/aws/lambda/work', 's', 'START RequestId: i', 'a metric', 'REPORT RequestId: i');
        return Promise.resolve({ payload: JSON.stringify({ thing_id: A }), billedMs: 1, requestId: 'i' });
      },
    });

    // Act
    await runner.invoke('work', '{}');
    log('/aws/lambda/work', 's', 'nobody’s');
    const accessLog = { logGroupName: '/aws/apigateway/api', message: '{"requestId":"r"}' };
    meter.apiRequest({ ...request('POST /thing'), accessLog }, `{"thing_id":"${A}"}`);

    // Assess
    const logged = meter.reading([A]).subjects[A]?.filter(({ service }) => service === 'logs');
    expect(logged?.map(({ resource, count }) => [resource, count])).toEqual([
      ['/aws/lambda/work', 3],
      ['/aws/apigateway/api', 1],
    ]);
    const inAll = meter.reading([]).run.filter(({ service }) => service === 'logs');
    expect(inAll.map(({ count }) => count)).toEqual([4, 1]);
  });

  it('keeps the access log of a look-up apart from the order, though it names it', () => {
    // Prepare
    const path = `/thing_id/${A}`;
    const accessLog = { logGroupName: '/aws/apigateway/api', message: `{"path":"${path}"}` };

    // Act
    meter.apiRequest({ ...request('GET /thing/{id}'), accessLog }, '{}', path);

    // Assess
    expect(amounts(A, 'PutLogEvents')).toBeUndefined();
    expect(amounts(A, 'PutLogEvents for GET /thing/{id}')).toEqual({
      logBytes: Buffer.byteLength(accessLog.message),
    });
  });

  it('bills no request that AWS doesn’t bill', () => {
    // Act
    meter.apiRequest({ ...request('POST /thing'), isBilled: false }, `{"thing_id":"${A}"}`);

    // Assess
    expect(meter.reading('all')).toMatchObject({ run: [], subjects: {} });
  });

  it('forgets the oldest subjects, never the sum', () => {
    // Act
    for (let n = 0; n < 150; n += 1) {
      const id = `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`;
      meter.apiRequest(request('POST /thing'), `thing_id ${id}`);
    }
    const { run, subjects } = meter.reading('all');

    // Assess
    expect(Object.keys(subjects)).toHaveLength(100);
    expect(run[0]?.count).toBe(150);
  });
});

describe('GET /_meter', () => {
  const meter = createMeter(
    { tables: [], functions: [] },
    { subject: '[0-9a-f-]{36}', mostSubjects: 9, clock: () => 0 },
  );
  const ask = (method: string, url: string, body = '') =>
    meterPage(meter, { method, url, headers: {}, body: Buffer.from(body) });
  const subjectsIn = (answer: ReturnType<typeof ask>) =>
    Object.keys((JSON.parse(String(answer?.body)) as { subjects: object }).subjects);
  meter.apiRequest(request('POST /thing'), A);
  meter.apiRequest(request('POST /thing'), B);

  it('answers with the subjects asked for', () => {
    // Assess
    expect(subjectsIn(ask('GET', '/_meter'))).toEqual([]);
    expect(subjectsIn(ask('GET', `/_meter?subject=${A}`))).toEqual([A]);
    expect(subjectsIn(ask('GET', '/_meter?subjects=all'))).toEqual([A, B]);
    expect(subjectsIn(ask('POST', '/_meter', JSON.stringify({ subjects: [B, 'unknown'] })))).toEqual([B]);
  });

  it('says what it wants, and leaves other requests alone', () => {
    // Assess
    expect(ask('POST', '/_meter', 'what')?.statusCode).toBe(400);
    expect(ask('DELETE', '/_meter')?.statusCode).toBe(400);
    expect(ask('POST', '/')).toBeUndefined();
  });
});

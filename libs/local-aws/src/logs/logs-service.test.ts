import { DatabaseSync } from 'node:sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../service-call.ts';
import { compileFilterPattern } from './filter-pattern.ts';
import { startLogs, type Logs } from './logs-service.ts';

const STACK = {
  accountId: '123456789012',
  region: 'us-east-1',
  logGroups: [
    { name: '/aws/lambda/worker', retentionDays: 14 },
    { name: '/aws/vendedlogs/stepfunctions/orders' },
  ],
};
const GROUP = { logGroupName: '/aws/lambda/worker' };

describe('CloudWatch Logs', () => {
  let dataDir: string;
  let logs: Logs;
  let lost: unknown[];
  const start = () =>
    startLogs(STACK, {
      file: join(dataDir, 'logs.db'),
      clock: () => 5000,
      onLost: (error) => lost.push(error),
    });
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'logs-'));
    lost = [];
    logs = start();
  });
  afterEach(() => {
    logs.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function send<T = JsonObject>(operation: string, input: JsonObject): Promise<T> {
    return (await logs.call({ service: 'logs', operation, input, principal: { kind: 'operator' } })) as T;
  }
  const line = (timestamp: number, message: string) => ({ timestamp, message });
  type Events = { readonly events: readonly { readonly message: string }[]; readonly nextToken?: string };
  const messages = ({ events }: Events) => events.map(({ message }) => message);

  it('has the groups of the stack, found by prefix or by a part of the name', async () => {
    // Act
    const [all, prefixed, part] = await Promise.all(
      [{}, { logGroupNamePrefix: '/aws/lambda' }, { logGroupNamePattern: 'stepfunctions' }].map((input) =>
        send<{ logGroups: { logGroupName: string; retentionInDays?: number }[] }>('DescribeLogGroups', input),
      ),
    );

    // Assess
    expect(all?.logGroups).toHaveLength(2);
    expect(prefixed?.logGroups).toMatchObject([{ logGroupName: '/aws/lambda/worker', retentionInDays: 14 }]);
    expect(part?.logGroups.map(({ logGroupName }) => logGroupName)).toEqual([
      '/aws/vendedlogs/stepfunctions/orders',
    ]);
  });

  it('loses the lines that can not be written, and goes on', async () => {
    // Prepare: what a full disk does, done by a trigger
    const other = new DatabaseSync(join(dataDir, 'logs.db'));
    other.exec("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    const look = () => send<Events>('FilterLogEvents', GROUP);

    // Act
    logs.append(GROUP.logGroupName, 'one', [line(1, 'lost')]);
    const meanwhile = await look();
    other.exec('DROP TRIGGER full');
    other.close();
    logs.append(GROUP.logGroupName, 'one', [line(2, 'kept')]);

    // Assess
    expect(messages(meanwhile)).toEqual([]);
    expect(messages(await look())).toEqual(['kept']);
    expect(lost).toEqual([expect.objectContaining({ message: 'disk full' })]);
  });

  it.each([
    ['no timestamp', { logStreamName: 'x', logEvents: [{ message: 'no timestamp' }] }],
    ['no message', { logStreamName: 'x', logEvents: [{ timestamp: 1 }] }],
    ['no events', { logStreamName: 'x' }],
    ['no stream', { logEvents: [{ timestamp: 1, message: 'x' }] }],
  ])('refuses to put events with %s', async (_what, input) => {
    // Act
    const put = send('PutLogEvents', { ...GROUP, ...input });

    // Assess
    await expect(put).rejects.toMatchObject({ code: 'InvalidParameterException' });
    expect(lost).toEqual([]);
  });

  it('lists the latest streams page by page', async () => {
    // Prepare
    for (const time of [3, 1, 2]) {
      logs.append(GROUP.logGroupName, `stream-${time}`, [line(time, 'x')]);
    }
    const page = (nextToken?: string) =>
      send<{ logStreams: { logStreamName: string }[]; nextToken?: string }>('DescribeLogStreams', {
        ...GROUP,
        orderBy: 'LastEventTime',
        descending: true,
        limit: 2,
        ...(nextToken === undefined ? {} : { nextToken }),
      });

    // Act
    const first = await page();
    const second = await page(first.nextToken);

    // Assess
    const names = [...first.logStreams, ...second.logStreams].map(({ logStreamName }) => logStreamName);
    expect(names).toEqual(['stream-3', 'stream-2', 'stream-1']);
    expect(second.nextToken).toBeUndefined();
  });

  it('answers with lines just appended, and keeps them across a restart', async () => {
    // Prepare
    logs.append(GROUP.logGroupName, 'one', [line(1, 'a'), line(2, 'b')]);
    const atOnce = await send<Events>('GetLogEvents', {
      ...GROUP,
      logStreamName: 'one',
      startFromHead: true,
    });
    logs.close();

    // Act
    logs = start();
    const later = await send<Events>('GetLogEvents', { ...GROUP, logStreamName: 'one', startFromHead: true });
    const streams = await send('DescribeLogStreams', {
      ...GROUP,
      orderBy: 'LastEventTime',
      descending: true,
    });

    // Assess
    expect(messages(atOnce)).toEqual(['a', 'b']);
    expect(messages(later)).toEqual(['a', 'b']);
    expect(streams).toMatchObject({
      logStreams: [{ logStreamName: 'one', firstEventTimestamp: 1, lastEventTimestamp: 2 }],
    });
  });

  it('pages backwards and forwards through a stream', async () => {
    // Prepare
    logs.append(GROUP.logGroupName, 'one', [line(1, 'a'), line(2, 'b'), line(3, 'c')]);
    const stream = { ...GROUP, logStreamName: 'one', limit: 2 };
    type Page = Events & { readonly nextBackwardToken: string; readonly nextForwardToken: string };

    // Act
    const newest = await send<Page>('GetLogEvents', stream);
    const older = await send<Page>('GetLogEvents', { ...stream, nextToken: newest.nextBackwardToken });
    const end = await send<Page>('GetLogEvents', { ...stream, nextToken: newest.nextForwardToken });

    // Assess
    expect([messages(newest), messages(older), messages(end)]).toEqual([['b', 'c'], ['a'], []]);
    expect(end.nextForwardToken).toBe(newest.nextForwardToken);
  });

  it('filters by pattern, time and stream, page by page', async () => {
    // Prepare
    logs.append(GROUP.logGroupName, 'one', [line(1, 'order 1'), line(2, 'other'), line(3, 'order 2')]);
    logs.append(GROUP.logGroupName, 'two', [line(4, 'order 3')]);
    const orders = { ...GROUP, filterPattern: 'order' };

    // Act
    const all = await send<Events>('FilterLogEvents', orders);
    const late = await send<Events>('FilterLogEvents', { ...orders, startTime: 2, endTime: 4 });
    const second = await send<Events>('FilterLogEvents', { ...orders, logStreamNames: ['two'] });
    const page = await send<Events>('FilterLogEvents', { ...orders, limit: 2 });
    const rest = await send<Events>('FilterLogEvents', { ...orders, nextToken: page.nextToken });

    // Assess
    expect(messages(all)).toEqual(['order 1', 'order 2', 'order 3']);
    expect(messages(late)).toEqual(['order 2']);
    expect(messages(second)).toEqual(['order 3']);
    expect([...messages(page), ...messages(rest)]).toEqual(messages(all));
  });

  it('takes lines from clients', async () => {
    // Act
    await send('CreateLogStream', { ...GROUP, logStreamName: 'mine' });
    await send('PutLogEvents', { ...GROUP, logStreamName: 'mine', logEvents: [line(1, 'hello')] });

    // Assess
    expect(messages(await send<Events>('FilterLogEvents', GROUP))).toEqual(['hello']);
  });

  it.each([
    ['DescribeLogStreams', { logGroupName: '/gone' }, 'ResourceNotFoundException'],
    ['GetLogEvents', { ...GROUP, logStreamName: 'gone' }, 'ResourceNotFoundException'],
    ['FilterLogEvents', { ...GROUP, filterPattern: '{ $.a ~ 1 }' }, 'InvalidParameterException'],
    ['StartQuery', {}, 'UnknownOperationException'],
  ])('answers %s %j with %s', async (operation, input, code) => {
    // Act
    const answer = send(operation, input);

    // Assess
    await expect(answer).rejects.toMatchObject({ code });
  });
});

describe('a filter pattern', () => {
  const message = JSON.stringify({
    level: 'INFO',
    order_id: 'o-1',
    attempt: 2,
    ok: true,
    inner: { list: ['x'] },
  });

  it.each([
    ['', true],
    ['INFO', true],
    ['"o-1"', true],
    ['INFO ERROR', false],
    ['?ERROR ?INFO', true],
    ['INFO -attempt', false],
    ['{ $.order_id = "o-1" }', true],
    ['{ $.order_id = "o-2" }', false],
    ['{ $.order_id = o-* && $.attempt > 1 }', true],
    ['{ ($.attempt = 3) || ($.level = "INFO") }', true],
    ['{ $.attempt <= 1 }', false],
    ['{ $.level != "INFO" }', false],
    ['{ $.ok IS TRUE }', true],
    ['{ $.gone NOT EXISTS }', true],
    ['{ $.inner.list[0] = "x" }', true],
  ])('%s matches as AWS documents it', (pattern, expected) => {
    // Act
    const matches = compileFilterPattern(pattern)(message);

    // Assess
    expect(matches).toBe(expected);
  });

  it('in JSON form matches no plain text', () => {
    // Act
    const matches = compileFilterPattern('{ $.a = 1 }')('START RequestId: { $.a = 1 }');

    // Assess
    expect(matches).toBe(false);
  });
});

import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { endWith } from './end-with.ts';
import { createProgram } from './program.ts';
import type { Terminal } from './terminal.ts';

const ORDER_ID = '1fd383a0-edef-4555-b6fb-8f51daf742cd';

interface Parsed {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** Parses a command line; what would run is returned instead. */
async function parse(args: readonly string[]): Promise<Parsed> {
  const ran: Parsed[] = [];
  const program = createProgram((command) => {
    command.action(() => void ran.push({ args: command.args, options: command.optsWithGlobals() }));
  }, true);
  await program.parseAsync(args, { from: 'user' });
  const [parsed] = ran;
  if (parsed === undefined) {
    throw new TypeError(`nothing would run: ${args.join(' ')}`);
  }
  return parsed;
}

/** How dofs would end with a command line that is wrong, and what it would say. */
async function refusalOf(args: readonly string[], json: boolean) {
  const stderr = new PassThrough();
  const terminal = { stderr, json } as unknown as Terminal;
  const status = await parse(args).then(
    () => 0,
    (error: unknown) => endWith(error, terminal),
  );
  stderr.end();
  return { status, said: String(stderr.read() ?? '') };
}

describe('the command line', () => {
  it.each([
    [['nonsense'], 'nonsense'],
    [['test', 'stress', '--orders', '0'], '--orders'],
    [['failed', 'list', '--source', 'moon'], '--source'],
    [['failed', 'list', '--since', 'yesterday'], '--since'],
    [['failed', 'redrive', '--since', '2026-13-01'], '--since'],
    [['status', '--since', '5'], '--since'],
    [['logs', ''], 'UUID'],
    [['order', 'get', 'x'], 'UUID'],
    [['order', 'watch', ORDER_ID.toUpperCase()], 'UUID'],
    [['failed', 'redrive', ORDER_ID, '-'], 'UUID'],
    [['cost', 'x'], 'UUID'],
    [['order', 'submit', '--customer', 'c', '--item', 'prod:x'], '--item'],
    [['order', 'submit', '--customer', 'c', '--item', 'prod:1.5'], '--item'],
    [['order', 'submit', '-', '--correlation-id', 'two\nlines'], '--correlation-id'],
    [['status', '--api-key', 'ключ'], '--api-key'],
    [['status', '--env='], '--env'],
    [['status', '--project', 'A_B'], '--project'],
  ])('that is wrong ends with status 2 and one line that names what: %j', async (args, named) => {
    // Act
    const forPeople = await refusalOf(args, false);
    const forPrograms = await refusalOf(args, true);

    // Assess
    expect(forPeople.status).toBe(2);
    expect(forPeople.said.trim().split('\n')).toEqual([expect.stringContaining(named)]);
    expect(JSON.parse(forPrograms.said)).toMatchObject({
      error: { kind: 'usage', message: expect.stringContaining(named) as string },
    });
  });

  it.each([[[]], [['test']], [['order']], [['failed']], [['queue']]])(
    'without a command is wrong usage: %j',
    async (args) => {
      // Act
      const { status, said } = await refusalOf(args, true);

      // Assess
      expect(status).toBe(2);
      expect(JSON.parse(said)).toMatchObject({ error: { kind: 'usage' } });
    },
  );

  it('takes order ids, and those of messages that name no order', async () => {
    // Act
    const { args } = await parse(['failed', 'redrive', ORDER_ID, `message-${ORDER_ID}.2`]);

    // Assess
    expect(args).toEqual([ORDER_ID, `message-${ORDER_ID}.2`]);
  });

  it('takes items with and without a quantity', async () => {
    // Act
    const { options } = await parse([
      'order',
      'submit',
      '--customer=c',
      '--item=a',
      '--item=b:2',
      '--item=c:d:3',
    ]);

    // Assess
    expect(options['item']).toEqual([
      { product_id: 'a', quantity: 1 },
      { product_id: 'b', quantity: 2 },
      { product_id: 'c:d', quantity: 3 },
    ]);
  });

  it('leaves times as they are, to be counted from when they are used', async () => {
    // Act
    const { options } = await parse(['failed', 'list', '--since', '2h']);

    // Assess
    expect(options['since']).toBe('2h');
  });
});

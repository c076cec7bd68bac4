import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_LIMITS } from './function-runner.ts';
import { folderWith, functionOf, startBench } from './runner-fixture.ts';

describe('a function', () => {
  it('that errs shows a stack trace with the runtime by name, not by its text', async () => {
    // Prepare
    const bench = startBench([functionOf('export const handler = async () => { null.x };')]);

    // Act
    const { answer } = await bench.call();

    // Assess
    const { trace } = answer as { trace: string[] };
    expect(trace.join('\n')).toContain('/var/runtime/index.mjs');
    expect(trace.join('\n').length).toBeLessThan(2_000);
  });

  it('sees its own environment and nothing of this process', async () => {
    // Prepare
    const bench = startBench([
      functionOf('export const handler = async () => process.env;', { environment: { TABLE: 'orders' } }),
    ]);

    // Act
    const { answer } = await bench.call();

    // Assess
    expect(answer).toMatchObject({
      TABLE: 'orders',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'fn',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_ACCESS_KEY_ID: 'arn:aws:iam::123456789012:role/fn',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    });
    expect(answer).not.toHaveProperty('PATH');
    expect(answer).not.toHaveProperty('HOME');
  });

  it('gets the event and a context', async () => {
    const bench = startBench([
      functionOf(`export const handler = async (event, context) => ({
        event, name: context.functionName, arn: context.invokedFunctionArn, memory: context.memoryLimitInMB,
        isTimeLeft: context.getRemainingTimeInMillis() > 4000 && context.getRemainingTimeInMillis() <= 5000,
        hasId: context.awsRequestId.length === 36 });`),
    ]);

    const { answer } = await bench.call({ a: [1, 'é'] });

    expect(answer).toEqual({
      event: { a: [1, 'é'] },
      name: 'fn',
      arn: 'arn:aws:lambda:us-east-1:123456789012:function:fn',
      memory: '128',
      isTimeLeft: true,
      hasId: true,
    });
  });

  it.each([
    ['calls back', '(e, c, callback) => setTimeout(() => callback(null, { ok: 1 }), 1)', { ok: 1 }],
    ['calls back twice', '(e, c, callback) => { callback(null, 1); callback(null, 2); }', 1],
    ['answers nothing', 'async () => {}', null],
    ['leaves nothing that could answer', '() => new Promise(() => {})', null],
    ['answers what JSON does not know', 'async () => () => 1', null],
  ])('that %s is understood', async (_, handler, expected) => {
    const bench = startBench([functionOf(`export const handler = ${handler};`)]);

    expect(await bench.call()).toEqual({ answer: expected, functionError: undefined });
    expect(await bench.call()).toEqual({ answer: expected, functionError: undefined });
  });

  it('finds itself in its task root', async () => {
    const bench = startBench([
      functionOf('export const handler = async () => process.cwd() === process.env.LAMBDA_TASK_ROOT;'),
    ]);

    expect(await bench.call()).toMatchObject({ answer: true });
  });

  it('stays warm between invocations', async () => {
    const bench = startBench([functionOf('let count = 0; export const handler = async () => ++count;')]);

    const answers = [await bench.call(), await bench.call(), await bench.call()].map(({ answer }) => answer);

    expect(answers).toEqual([1, 2, 3]);
  });

  it('is loaded from a zip, from CommonJS and by a nested handler name', async () => {
    const zip = zipSync({
      'index.js': Buffer.from('module.exports.api = { handler: async () => __dirname };'),
    });
    const folder = folderWith({ 'archive.zip': zip });
    const bench = startBench([
      functionOf('', { code: join(folder, 'archive.zip'), handler: 'index.api.handler' }),
    ]);

    const { answer } = await bench.call();

    expect(readFileSync(join(String(answer), 'index.js'), 'utf8')).toContain('module.exports');
  });
});

describe('a failure stays with its invocation, and the next one works:', () => {
  const switched = (body: string) =>
    functionOf(`export const handler = async (event) => { if (event.bad) { ${body} } return 'fine'; };`, {
      timeoutSeconds: 1,
    });

  it.each([
    ['a throw', 'throw new TypeError("no")', 'TypeError', /^no$/],
    ['a thrown text', 'throw "no"', 'string', /^no$/],
    [
      'process.exit(3)',
      'process.exit(3)',
      'Runtime.ExitError',
      /^RequestId: [\w-]{36} Error: Runtime exited with error: exit status 3$/,
    ],
    ['process.exit(0)', 'process.exit(0)', 'Runtime.ExitError', /Runtime exited without providing a reason$/],
    [
      'a rejection nobody handles',
      'Promise.reject(new Error("late")); await new Promise((r) => setTimeout(r, 500))',
      'Runtime.UnhandledPromiseRejection',
      /^Error: late$/,
    ],
    [
      'an error nobody catches',
      'setTimeout(() => { throw new RangeError("late") }, 1); await new Promise((r) => setTimeout(r, 500))',
      'RangeError',
      /^late$/,
    ],
    [
      'a wait that is too long',
      'await new Promise((r) => setTimeout(r, 60000))',
      'Sandbox.Timedout',
      /^\d{4}-\S+Z [\w-]{36} Task timed out after 1\.00 seconds$/,
    ],
    ['a loop without end', 'for (;;);', 'Sandbox.Timedout', /Task timed out after 1\.00 seconds$/],
    [
      'an answer that is no JSON',
      'const a = {}; a.a = a; return a',
      'Error',
      /^Unable to stringify response body$/,
    ],
    [
      'an answer that is too long',
      'return "x".repeat(7e6)',
      'Function.ResponseSizeTooLarge',
      /6291556 bytes/,
    ],
  ])('%s', async (_, body, errorType, errorMessage) => {
    // Prepare
    const bench = startBench([switched(body)]);
    await bench.call();

    // Act
    const { answer, functionError } = await bench.call({ bad: true });

    // Assess
    expect(functionError).toBe('Unhandled');
    expect(answer).toMatchObject({ errorType, errorMessage: expect.stringMatching(errorMessage) as string });
    expect(await bench.call()).toEqual({ answer: 'fine', functionError: undefined });
  });

  it.each([
    [
      'a missing module',
      functionOfNames({ handler: 'other.handler' }),
      'Runtime.ImportModuleError',
      /Cannot find module 'other'/,
    ],
    [
      'a missing export',
      functionOfNames({ handler: 'index.other' }),
      'Runtime.HandlerNotFound',
      /^index\.other is undefined or not exported$/,
    ],
    [
      'a handler without a name',
      functionOfNames({ handler: 'index' }),
      'Runtime.MalformedHandlerName',
      /^Bad handler$/,
    ],
    [
      'a syntax error',
      () => functionOf('export const handler = ('),
      'Runtime.UserCodeSyntaxError',
      /^SyntaxError: /,
    ],
    [
      'a missing import',
      () => functionOf('import "missing-package"; export const handler = 1;'),
      'Runtime.ImportModuleError',
      /missing-package/,
    ],
    ['a throw while loading', () => functionOf('throw new Error("at once");'), 'Error', /^at once$/],
    ['an exit while loading', () => functionOf('process.exit(7);'), 'Runtime.ExitError', /exit status 7$/],
  ])('%s', async (_, makeFunction, errorType, errorMessage) => {
    const bench = startBench([makeFunction()]);

    const answers = [await bench.call(), await bench.call()];

    for (const { answer, functionError } of answers) {
      expect(functionError).toBe('Unhandled');
      expect(answer).toMatchObject({
        errorType,
        errorMessage: expect.stringMatching(errorMessage) as string,
      });
    }
  });
});

function functionOfNames(names: { handler: string }) {
  return () => functionOf('export const handler = async () => 1;', names);
}

describe('what a function prints', () => {
  it('is in its log stream between START, END and REPORT', async () => {
    // Prepare
    const bench = startBench([
      functionOf(`export const handler = async () => {
        console.log('order %s', 'o-1'); console.error(new Error('two\\nlines').message);
        process.stdout.write('{"level":"INFO"}\\n{"level":"WARN"}\\n'); };`),
    ]);

    // Act
    await bench.call();
    await bench.call();

    // Assess
    const id = '[\\w-]{36}';
    const patterns = [
      `^START RequestId: ${id} Version: \\$LATEST\\n$`,
      `^\\d{4}-\\S+Z\\t${id}\\tINFO\\torder o-1\\n$`,
      `^\\d{4}-\\S+Z\\t${id}\\tERROR\\ttwo\\rlines\\n$`,
      '^{"level":"INFO"}\\n$',
      '^{"level":"WARN"}\\n$',
      `^END RequestId: ${id}\\n$`,
      `^REPORT RequestId: ${id}\\tDuration: [\\d.]+ ms\\tBilled Duration: \\d+ ms\\tMemory Size: 128 MB\\tMax Memory Used: \\d+ MB\\t`,
    ];
    expect(bench.logged.map(({ message }) => message)).toEqual(
      [...patterns, ...patterns].map((pattern) => expect.stringMatching(pattern) as string),
    );
    expect(bench.logged[6]?.message).toContain('Init Duration');
    expect(bench.logged[13]?.message).not.toContain('Init Duration');
    expect(new Set(bench.logged.map(({ stream }) => stream)).size).toBe(1);
    expect(bench.logged[0]?.stream).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    expect(bench.logged[0]?.group).toBe('/aws/lambda/fn');
  });

  it('survives the timeout that follows', async () => {
    const bench = startBench([
      functionOf('export const handler = async () => { console.log("before"); for (;;); };', {
        timeoutSeconds: 1,
      }),
    ]);

    await bench.call();

    const messages = bench.logged.map(({ message }) => message).join('');
    expect(messages).toMatch(/before[^]*Task timed out after 1\.00 seconds[^]*END[^]*Status: timeout/);
  });

  it('is lost where the role may not write logs', async () => {
    const bench = startBench([functionOf('export const handler = async () => console.log("x");')], {
      mayWriteLogs: () => false,
    });

    await bench.call();

    expect(bench.logged).toEqual([]);
  });
});

describe('workers', () => {
  const slow =
    'import { threadId } from "node:worker_threads"; export const handler = async (ms) => { await new Promise((r) => setTimeout(r, ms)); return threadId; };';

  it('are added while others are busy, up to the limit', async () => {
    const bench = startBench([functionOf(slow)], {
      limits: { ...DEFAULT_LIMITS, scaleOutAfterMs: 5, maxWorkersPerFunction: 2 },
    });

    const answers = await Promise.all(Array.from({ length: 6 }, () => bench.call(200)));

    expect(new Set(answers.map(({ answer }) => answer)).size).toBe(2);
  });

  it('never run more than the reserved concurrency', async () => {
    const bench = startBench([functionOf(slow, { reservedConcurrency: 1 })]);

    const first = bench.call(100);
    await expect(bench.call(1)).rejects.toMatchObject({ code: 'TooManyRequestsException', statusCode: 429 });

    expect((await first).functionError).toBeUndefined();
  });

  it('of an idle function make room for another, and stop when idle for long', async () => {
    // Prepare
    const names = ['a', 'b', 'c'];
    const bench = startBench(
      names.map((name) => functionOf(slow, { name })),
      { limits: { ...DEFAULT_LIMITS, maxWorkers: 1 } },
    );

    // Act
    const threads = [];
    for (const name of [...names, 'a']) {
      threads.push((await bench.call(0, name)).answer);
    }

    // Assess
    expect(new Set(threads).size).toBe(4);
  });

  it('stop when idle for long', async () => {
    const bench = startBench([functionOf(slow)], { limits: { ...DEFAULT_LIMITS, idleMs: 20 } });
    const { answer: first } = await bench.call(0);

    await vi.waitUntil(async () => {
      await new Promise((resolve) => setTimeout(resolve, 40));
      return (await bench.call(0)).answer !== first;
    });
  });
});

it('ends one worker when it is told to, and the function goes on', async () => {
  // Prepare
  const bench = startBench([
    functionOf(
      'export const handler = async (wait) => new Promise((r) => setTimeout(() => r("fine"), wait));',
    ),
  ]);
  const killed = bench.call(60_000);
  await vi.waitUntil(() => bench.logged.length > 0);

  // Act
  await bench.kill('another one');
  await bench.kill(bench.instances[0] ?? '');

  // Assess
  expect((await killed).functionError).toBe('Unhandled');
  expect(bench.logged[0]?.stream).toContain(bench.instances[0]);
  expect(await bench.call(0)).toMatchObject({ answer: 'fine' });
});

it('refuses what Lambda refuses', async () => {
  const bench = startBench([functionOf('export const handler = async () => 1;')]);

  await expect(bench.invoke('other', '{}')).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    statusCode: 404,
  });
  await expect(bench.invoke('fn', JSON.stringify('x'.repeat(6_291_456)))).rejects.toMatchObject({
    code: 'RequestTooLargeException',
  });
  const byArn = await bench.invoke('arn:aws:lambda:us-east-1:123456789012:function:fn:$LATEST', '{}');
  expect(byArn.payload).toBe('1');
});

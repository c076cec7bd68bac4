import { expect, it } from 'vitest';
import { functionOf, startBench } from './runner-fixture.ts';

/** A machine that is busy with other tests takes its time to fill so much memory. */
const PATIENCE_MS = 20_000;

const buffers = 'all.push(Buffer.alloc(2 ** 20, 1))';
it.each([
  ['arrays', 'const all = []; for (;;) all.push(new Array(100_000).fill(1))'],
  [
    'arrays of 128 MB, each of which V8 must make at once',
    'const all = []; for (;;) all.push(new Array(2 ** 24))',
  ],
  ['Buffers, outside the heap', `const all = []; for (let i = 0; i < 1000; i += 1) ${buffers}`],
  [
    'Buffers in many turns',
    `const all = []; for (let i = 0; i < 1000; i += 1) { ${buffers}; await new Promise((r) => setTimeout(r, 1)); }`,
  ],
  ['what is held while it answers', 'globalThis.all = Buffer.alloc(150 * 2 ** 20, 1); return 1'],
])(
  'ends a function that takes more memory than it has: %s',
  async (_, fill) => {
    // Prepare
    const bench = startBench([
      functionOf(`export const handler = async (event) => { if (event.bad) { ${fill} } return 'fine'; };`, {
        timeoutSeconds: 15,
      }),
    ]);

    // Act
    const { answer } = await bench.call({ bad: true });

    // Assess
    expect(answer).toMatchObject({
      errorType: 'Runtime.OutOfMemory',
      errorMessage: expect.stringMatching(/Runtime exited with error: signal: killed$/) as string,
    });
    expect(await bench.call()).toMatchObject({ answer: 'fine' });
  },
  PATIENCE_MS,
);

it(
  'lets a function be that makes garbage alone',
  async () => {
    // Prepare
    const bench = startBench([
      functionOf(`export const handler = async ({ yields }) => {
      const kept = Buffer.alloc(40 * 2 ** 20, 1);
      for (let i = 0; i < 200; i += 1) {
        new Array(50_000).fill(1.5).map((x) => x + 1);
        Buffer.alloc(2 ** 20, 1);
        if (yields) await new Promise((r) => setImmediate(r));
      }
      return kept.length / 2 ** 20;
    };`),
    ]);

    // Act
    const yielding = await bench.call({ yields: true });
    const hogging = await bench.call({ yields: false });

    // Assess
    expect(yielding).toEqual({ answer: 40, functionError: undefined });
    expect(hogging).toEqual({ answer: 40, functionError: undefined });
  },
  PATIENCE_MS,
);

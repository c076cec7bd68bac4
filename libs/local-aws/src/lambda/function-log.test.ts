import { expect, it } from 'vitest';
import { functionOf, startBench } from './runner-fixture.ts';

it("gives the last 4 KB of an invocation's log with its answer, whoever may write logs", async () => {
  // Prepare
  const bench = startBench(
    [functionOf('export const handler = async (text) => console.log(text + "é".repeat(2000));')],
    { mayWriteLogs: () => false },
  );
  await bench.invoke('fn', '"earlier"');

  // Act
  const { logTail = '' } = await bench.invoke('fn', '"now"');

  // Assess
  expect(Buffer.byteLength(logTail)).toBeLessThanOrEqual(4099);
  expect(logTail).toMatch(/é\nEND RequestId: .*\nREPORT RequestId: /);
  expect(logTail).not.toContain('earlier');
});

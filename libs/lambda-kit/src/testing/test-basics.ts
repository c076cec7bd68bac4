import type { FunctionBasics } from '../function-basics.ts';
import { createLog } from '../log.ts';
import { countMetrics } from '../metrics.ts';

export interface TestBasics extends FunctionBasics {
  /** Lines logged and metrics counted so far, parsed. */
  readonly lines: readonly Record<string, unknown>[];
}

/** What every function needs, with its output kept for the test to look at. */
export function testBasics(now: () => string): TestBasics {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
  };
  const clock = () => Date.parse(now());
  return {
    lines,
    log: createLog({ level: 'DEBUG', fields: { function: 'under-test' }, write, now: clock }),
    countMetrics: countMetrics({ namespace: 'dofs', environment: 'test', write, now: clock }),
    now,
  };
}

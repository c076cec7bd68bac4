import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Orders of one run. */
  readonly orders: number;
  readonly runs: number;
  /** Numbers of orders already stored, rising. */
  readonly stored: readonly number[];
  readonly clients: readonly number[];
  readonly workflowType: 'STANDARD' | 'EXPRESS';
  /** Measure synthesis and the tests too, which takes minutes. */
  readonly slow: boolean;
  readonly outDir: string;
}

/** Wrong use of the command line; the message names the option. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `Measures the local system and the bundles; writes bench.json and bench.html.

Usage: npm run bench -- [options]

  --orders N          orders of one run (default: 500)
  --runs N            runs of each measurement (default: 5)
  --clients A,B,C     clients at once (default: 1,10,50)
  --stored A,B,C      orders already stored, rising (default: 1000,10000,100000)
  --express           run the workflow as EXPRESS
  --slow              also time cdktf synth and the tests of nx, cold and cached
  --out DIR           where the files go (default: .dofs/bench)
  --help              this text

Exit status: 0 measured; 1 something failed; 2 wrong usage.`;

/** @throws UsageError */
export function parseOptions(argv: readonly string[]): BenchOptions | 'help' {
  const { values } = parseCommandLine(argv);
  if (values.help === true) {
    return 'help';
  }
  return {
    orders: whole('orders', values.orders),
    runs: whole('runs', values.runs),
    clients: list('clients', values.clients),
    stored: list('stored', values.stored).toSorted((one, other) => one - other),
    workflowType: values.express ? 'EXPRESS' : 'STANDARD',
    slow: values.slow,
    outDir: values.out,
  };
}

function parseCommandLine(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        orders: { type: 'string', default: '500' },
        runs: { type: 'string', default: '5' },
        clients: { type: 'string', default: '1,10,50' },
        stored: { type: 'string', default: '1000,10000,100000' },
        express: { type: 'boolean', default: false },
        slow: { type: 'boolean', default: false },
        out: { type: 'string', default: '.dofs/bench' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0]);
  }
}

function whole(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new UsageError(`--${option} ${text}: give whole numbers of at least 1`);
  }
  return value;
}

function list(option: string, text: string): number[] {
  return text.split(',').map((entry) => whole(option, entry));
}

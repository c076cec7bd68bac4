import { parseArgs } from 'node:util';
import { UsageError } from '../measure/usage-error.ts';

export interface BenchOptions {
  /** Orders of one run. */
  readonly orders: number;
  readonly runs: number;
  /** Numbers of orders already stored, rising. */
  readonly stored: readonly number[];
  readonly clients: readonly number[];
  /** Orders of the soak, in which memory is watched. */
  readonly soak: number;
  readonly workflowType: 'STANDARD' | 'EXPRESS';
  /** Measure synthesis and the tests too, which takes minutes. */
  readonly slow: boolean;
  readonly outDir: string;
}

export const USAGE = `Measures the local system and the bundles; writes bench.json and bench.html.

Usage: npm run bench -- [options]

  --orders N          orders of one run (default: 500)
  --runs N            runs of each measurement (default: 5)
  --clients A,B,C     clients at once (default: 1,10,50)
  --stored A,B,C      orders that the table holds at least, rising (default: 1000,10000,100000)
  --soak N            orders of the soak, which ends after 110 s whatever it has sent (default: 8000)
  --express           run the workflow as EXPRESS
  --slow              also time cdktf synth and the tests, of npm and of nx, cold and cached (many minutes)
  --out DIR           where the files go (default: .dofs/bench)
  --help              this text

Measured: npm start (state on disk, a new folder) until its first accepted order; loading each bundle, next to a bare
node; orders a second, latency, processor time, and their share of a server that does nothing; memory over a soak of
50 clients; what an order uses and costs. Each goal is told as reached or not. Not measured here: the batch of 60
orders and the memory after it (npm run figures); what is in each bundle (npm run bundle-report).

Exit status: 0 measured, whatever was reached; 1 something failed; 2 wrong usage; 130 stopped by Ctrl-C.`;

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
    soak: whole('soak', values.soak),
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
        soak: { type: 'string', default: '8000' },
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

import { parseArgs } from 'node:util';
import { runRedriveKills, type RedriveKillsOptions, type RedriveKillsResult } from './run-redrive-kills.ts';

const USAGE = `Lets orders fail in a local system, then redrives all of them with the real command line, which is killed
(SIGKILL) at random moments and run again; then audits every order.

Usage: npm run redrive-kills -- [options]

  --kills N    how often the command line is killed before it may finish (default: 50)
  --orders N   orders that fail first (default: 1500)
  --seed N     the same seed draws the same moments (default: 7)
  --help       this text

Exit status: 0 no violation; 1 a violation, or the run failed; 2 wrong usage.`;

function parse(argv: readonly string[]): RedriveKillsOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      kills: { type: 'string', default: '50' },
      orders: { type: 'string', default: '1500' },
      seed: { type: 'string', default: '7' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    return 'help';
  }
  const number = (option: 'kills' | 'orders' | 'seed', least: number) => {
    const value = Number(values[option]);
    if (!Number.isInteger(value) || value < least) {
      throw new TypeError(`--${option} ${values[option]}: give a whole number of at least ${least}`);
    }
    return value;
  };
  return { kills: number('kills', 0), orders: number('orders', 1), seed: number('seed', 0) };
}

function report({ orders, seed }: RedriveKillsOptions, result: RedriveKillsResult): string {
  const { runs, violations, fulfilled } = result;
  const killed = runs.filter(({ wasKilled }) => wasKilled);
  const amid = killed.filter(({ reported }) => reported > 0).length;
  const resumed = runs.reduce((sum, run) => sum + run.resumed, 0);
  return [
    `${orders} orders, seed ${seed}: killed ${killed.length} times, ${amid} of them amid orders; ` +
      `${resumed} orders were left half-way and resumed; ` +
      `${fulfilled} FULFILLED, ${violations.length} violations`,
    ...violations.slice(0, 50).map(({ promise, orderId, detail }) => `  ${promise}: ${orderId} ${detail}`),
  ].join('\n');
}

async function main(): Promise<number> {
  let options: ReturnType<typeof parse>;
  try {
    options = parse(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`redrive-kills: ${(error as Error).message}\n`);
    return 2;
  }
  if (options === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const result = await runRedriveKills(options, (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${report(options, result)}\n`);
  return result.violations.length === 0 ? 0 : 1;
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`redrive-kills: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});

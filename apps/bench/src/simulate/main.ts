import { parseOptions, UsageError, USAGE, type SimulateOptions } from './options.ts';
import { QUOTAS_AS_OF } from './quotas.ts';
import { simulationReport, sizeReport } from './report.ts';
import { simulate } from './simulation.ts';
import { sizeLimits } from './size-limits.ts';

function run(argv: readonly string[]): string {
  const options = parseOptions(argv);
  if (options === 'help') {
    return USAGE;
  }
  return options.json ? json(options) : text(options);
}

function json(options: SimulateOptions): string {
  const { design, region, quotas } = options;
  const results = simulate(options);
  return JSON.stringify({
    quotasAsOf: QUOTAS_AS_OF,
    region,
    quotas,
    design,
    results,
    sizes: sizeLimits(design),
  });
}

function text(options: SimulateOptions): string {
  return [
    ...simulate(options).map(simulationReport),
    sizeReport(sizeLimits(options.design)),
    `Quotas of ${options.region} as of ${QUOTAS_AS_OF}; docs/scaling.md says what is assumed.`,
  ].join('\n\n\n');
}

try {
  process.stdout.write(`${run(process.argv.slice(2))}\n`);
} catch (error) {
  if (!(error instanceof UsageError)) {
    throw error;
  }
  process.stderr.write(`simulate: ${error.message}\n`);
  process.exitCode = 2;
}

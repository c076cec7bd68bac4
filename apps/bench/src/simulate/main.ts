import { parseOptions, UsageError, USAGE } from './options.ts';
import { QUOTAS_AS_OF } from './quotas.ts';
import { simulationReport } from './report.ts';
import { simulate, type Simulation } from './simulation.ts';

function run(argv: readonly string[]): string {
  const options = parseOptions(argv);
  if (options === 'help') {
    return USAGE;
  }
  const results = simulate(options);
  return options.json
    ? JSON.stringify({ quotasAsOf: QUOTAS_AS_OF, design: options.design, results })
    : text(results);
}

function text(results: readonly Simulation[]): string {
  return [
    ...results.map(simulationReport),
    `Quotas of us-east-1 as of ${QUOTAS_AS_OF}; docs/scaling.md says what is assumed.`,
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

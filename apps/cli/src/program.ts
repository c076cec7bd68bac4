import packageFile from '../package.json' with { type: 'json' };
import { Command, Option, type OptionValues } from 'commander';
import type { CommandAction } from './command-context.ts';
import { addFailedCommands } from './declare-failed.ts';
import { addOrderCommands } from './declare-order.ts';
import { addTestCommands } from './declare-test.ts';
import {
  headerToken,
  name,
  orderId,
  orderIds,
  positiveInteger,
  time,
  timeAgo,
  url,
} from './parse-options.ts';

/** Runs a command's action; it is loaded only then, so that each command pays for its own libraries only. */
export type Run = <Options extends OptionValues>(
  command: Command,
  load: () => Promise<CommandAction<Options>>,
) => void;

const EXIT_STATUS_HELP = `
Exit status: 0 done; 1 a test failed or an order ended FAILED; 2 wrong usage; 3 not found; 4 unreachable;
5 credentials; 6 throttled; 7 refused; 8 took too long; 9 the service failed; 70 a bug of dofs; 74 the output
can't be written; 130 stopped by Ctrl-C; 141 the reader of the output went away.`;

/**
 * Declares the command line: every command with its options. What is wrong with a command line is thrown as
 * CommanderError and printed nowhere; see `endWith`.
 * @param json whether --json was given: then no help is printed in place of an error
 */
export function createProgram(run: Run, json = false): Command {
  const program = new Command('dofs')
    .configureOutput({ outputError: () => undefined, ...(json ? { writeErr: () => undefined } : {}) })
    .description('Operates and tests an order pipeline, on this machine, an emulator or AWS.')
    .version(packageFile.version, '-V, --version', 'the version of this program')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .addOption(
      new Option(
        '-e, --env <name>',
        'environment (default: dev; staging and prod for the tests of those names)',
      ).argParser(name),
    )
    .addOption(
      new Option('--project <name>', 'project name (default: dofs)').env('DOFS_PROJECT_NAME').argParser(name),
    )
    .addOption(
      new Option('--api-url <url>', 'base URL of the API, with its stage').env('DOFS_API_URL').argParser(url),
    )
    .addOption(
      new Option('--api-key <key>', 'API key, where the API asks for one')
        .env('DOFS_API_KEY')
        .argParser(headerToken),
    )
    .option('--sign', 'sign API requests, where the API asks for AWS_IAM authorization')
    .option('--region <region>', 'AWS region')
    .option('--outputs <file>', 'Terraform outputs as JSON, such as of cdktf deploy --outputs-file')
    .option('--data-dir <dir>', 'where the local system keeps its state (default: .dofs/<env>)')
    .option('--local', 'the system that runs on this machine, even if AWS_PROFILE is set')
    .option('--json', 'JSON on standard output')
    .addHelpText('after', EXIT_STATUS_HELP);
  addOrderCommands(program, run);
  addTestCommands(program, run);
  addStatusCommand(program, run);
  addFailedCommands(program, run);
  addLogsCommand(program, run);
  addQueueCommands(program, run);
  addCostCommand(program, run);
  inheritSettings(program);
  return program;
}

function addStatusCommand(program: Command, run: Run): void {
  const status = program
    .command('status')
    .description('Health at a glance: orders, success rate, queues, executions, alarms')
    .addOption(
      new Option('--since <time>', 'count orders created since: 2h, 7d, 2026-03-01, all')
        .argParser(time)
        .default('24h'),
    );
  run(status, async () => (await import('./commands/status.ts')).status);
}

function addCostCommand(program: Command, run: Run): void {
  const cost = program
    .command('cost')
    .description('What orders of a local system use, and would cost on AWS')
    .argument('[order_id...]', 'those orders only (default: all that its meter remembers)', orderIds);
  run(cost, async () => (await import('./commands/cost.ts')).cost);
}

function addLogsCommand(program: Command, run: Run): void {
  const logs = program
    .command('logs')
    .description('Every log line of an order, across all functions, in the order of time')
    .argument('<order_id>', 'a UUID, or message-...', orderId)
    .addOption(
      new Option('--since <time>', "search from: 2h, 7d, a date (default: the order's creation)").argParser(
        timeAgo,
      ),
    )
    .addOption(new Option('--follow', 'go on showing new lines until Ctrl-C'))
    .addOption(new Option('--raw', 'lines as they were logged'));
  run(logs, async () => (await import('./commands/logs.ts')).logs);
}

function addQueueCommands(program: Command, run: Run): void {
  const queue = program.command('queue').description('The queues');
  const peek = queue
    .command('peek')
    .description('What is in the dead letter queue, without consuming it')
    .addOption(new Option('--limit <n>', 'most messages to show').argParser(positiveInteger).default(20));
  run(peek, async () => (await import('./commands/queue-peek.ts')).queuePeek);
}

/** Subcommands don't inherit these from their program. */
function inheritSettings(command: Command): void {
  for (const child of command.commands) {
    child.exitOverride().configureHelp({ showGlobalOptions: true });
    inheritSettings(child);
  }
}

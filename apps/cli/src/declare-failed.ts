import { Option, type Command } from 'commander';
import { orderId, orderIds, positiveInteger, time, timeAgo } from './parse-options.ts';
import type { Run } from './program.ts';

const SOURCES = ['validation', 'storage', 'queue', 'fulfillment', 'sqs-dlq'];

export function addFailedCommands(program: Command, run: Run): void {
  const failed = program.command('failed').description('Failed orders: list, show, redrive');
  const list = failed
    .command('list')
    .description('Failed orders, newest first')
    .addOption(sinceOption('failed since: 2h, 7d, 2026-03-01, all (default: 7d)'))
    .addOption(untilOption())
    .addOption(sourceOption())
    .addOption(new Option('--limit <n>', 'most orders to show').argParser(positiveInteger).default(50));
  run(list, async () => (await import('./commands/failed-list.ts')).failedList);

  const show = failed
    .command('show')
    .description('One failed order, whole')
    .argument('<order_id>', 'a UUID, or message-...', orderId);
  run(show, async () => (await import('./commands/failed-show.ts')).failedShow);

  const redrive = failed
    .command('redrive')
    .description('Give failed orders another attempt. May be stopped and repeated at any time')
    .argument('[order_id...]', 'those orders', orderIds)
    .option('--all', 'every failed order; with --since, --until or --source those')
    .addOption(sinceOption('failed since: 2h, 7d, 2026-03-01'))
    .addOption(untilOption())
    .addOption(sourceOption())
    .option('--dry-run', 'show what would be done, and do nothing')
    .option('-y, --yes', "don't ask")
    .option('--by <name>', 'who asks; kept on the order (default: user@host)');
  run(redrive, async () => (await import('./commands/failed-redrive.ts')).failedRedrive);
}

function sinceOption(description: string): Option {
  return new Option('--since <time>', description).argParser(time);
}

function untilOption(): Option {
  return new Option('--until <time>', 'failed until: 2h, 2026-03-01').argParser(timeAgo);
}

function sourceOption(): Option {
  return new Option('--source <source>', 'where they failed').choices(SOURCES);
}

import { Option, type Command } from 'commander';
import { duration, headerToken, items, orderId } from './parse-options.ts';
import type { Run } from './program.ts';

export function addOrderCommands(program: Command, run: Run): void {
  const order = program.command('order').description('Send an order, look it up, follow it');
  const submit = order
    .command('submit')
    .description('Send one order: from flags, a file, or - for standard input')
    .argument('[file]', 'the request body as JSON; - reads standard input')
    .option('--customer <id>', 'customer_id')
    .addOption(new Option('--item <product:quantity>', 'an item; repeatable').argParser(items))
    .addOption(
      new Option('--idempotency-key <key>', 'the same key never makes a second order').argParser(headerToken),
    )
    .addOption(
      new Option('--correlation-id <id>', 'carried by every log line of the order').argParser(headerToken),
    )
    .option('--watch', 'follow it to its end')
    .addOption(timeoutOption());
  run(submit, async () => (await import('./commands/order-submit.ts')).orderSubmit);

  const get = order
    .command('get')
    .description('Look an order up')
    .argument('<order_id>', 'a UUID', orderId)
    .option('--stored', 'as it is in the table, with its attempts and redrives');
  run(get, async () => (await import('./commands/order-get.ts')).orderGet);

  const watch = order
    .command('watch')
    .description('Follow an order live to its end')
    .argument('<order_id>', 'a UUID', orderId)
    .addOption(timeoutOption());
  run(watch, async () => (await import('./commands/order-watch.ts')).orderWatch);
}

function timeoutOption(): Option {
  return new Option('--timeout <duration>', 'give up following after')
    .argParser(duration)
    .default(120_000, '2m');
}

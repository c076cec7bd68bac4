import { Option, type Command } from 'commander';
import { collect, duration, positiveInteger, positiveNumber, share } from './parse-options.ts';
import type { Run } from './program.ts';

/** The tests by name: how much each sends, and to which environment unless --env says; undefined: as any command. */
export const TESTS = {
  smoke: {
    description: 'What the API must refuse, and one order to its end',
    environment: undefined,
    orders: 1,
    concurrency: 1,
  },
  stress: { description: '60 orders, 5 at once, to dev', environment: undefined, orders: 60, concurrency: 5 },
  staging: {
    description: '25 orders, 3 at once, to staging',
    environment: 'staging',
    orders: 25,
    concurrency: 3,
  },
  prod: { description: '30 orders, 3 at once, to prod', environment: 'prod', orders: 30, concurrency: 3 },
} as const;
export type TestName = keyof typeof TESTS;

export function addTestCommands(program: Command, run: Run): void {
  const test = program.command('test').description('Send orders, follow each to its end, and judge');
  for (const [name, { description, orders, concurrency }] of Object.entries(TESTS)) {
    const command = test
      .command(name)
      .description(description)
      .addOption(
        new Option('--timeout <duration>', 'give up when no order reached its end for')
          .argParser(duration)
          .default(120_000, '2m'),
      )
      .addOption(
        new Option('--report <file>', 'write a .html or .json report; repeatable').argParser(collect),
      )
      .addOption(
        new Option(
          '--success-rate <0..1>',
          'the rate to judge by (default: what fulfill-order is set to)',
        ).argParser(share),
      );
    if (name !== 'smoke') {
      command
        .addOption(new Option('--orders <n>', 'orders to send').argParser(positiveInteger).default(orders))
        .addOption(
          new Option('--concurrency <n>', 'orders in submission at once')
            .argParser(positiveInteger)
            .default(concurrency),
        )
        .addOption(new Option('--rate <n>', 'orders a second, at most').argParser(positiveNumber));
    }
    run(command, async () => (await import('./commands/test.ts')).test(name as TestName));
  }
}

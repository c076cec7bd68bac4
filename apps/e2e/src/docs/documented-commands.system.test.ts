import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasAwsCli } from '../aws-cli.ts';
import { acceptedOrder, settledOrder, VALID_ORDER } from '../orders-api.ts';
import { target } from '../target.ts';
import {
  commandsInTextOf,
  isRunnable,
  reasonNotToRun,
  shellBlocksOf,
  type DocumentedBlock,
  type DocumentedCommand,
} from './documented-commands.ts';
import { readPages, REPOSITORY } from './markdown.ts';

/** For one command, on a machine that is busy with all other suites. */
const RUN_TIMEOUT_MS = 55_000;
/** For the longest block. */
const BLOCK_TIMEOUT_MS = 4 * RUN_TIMEOUT_MS;

const pages = readPages();
const blocks = [...pages.flatMap(shellBlocksOf), ...pages.flatMap(commandsInTextOf)];

const isLocal = target.awsEndpoint.includes('127.0.0.1');
if (!isLocal) {
  console.warn('SKIPPED: the documented commands are those for a local system, and this is another');
}
if (!hasAwsCli) {
  console.warn('SKIPPED: documented aws commands, as there is no `aws` on PATH');
}
const hasJq = spawnSync('jq', ['--version']).status === 0;
if (!hasJq) {
  console.warn('SKIPPED: documented commands with jq, as there is no `jq` on PATH');
}

describe.skipIf(!isLocal).concurrent('run on a local system,', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dofs-docs-'));
  const ids: Ids = { order: '', failedOrder: '', correlation: '' };

  beforeAll(async () => {
    writeFileSync(join(folder, 'order.json'), JSON.stringify(VALID_ORDER));
    ids.order = await acceptedOrder(target.apiUrl);
    ids.failedOrder = await acceptedOrder(target.apiUrl, { ...VALID_ORDER, customer_id: 'ab' });
    const [{ headers }] = await Promise.all([
      settledOrder(target.apiUrl, ids.order),
      settledOrder(target.apiUrl, ids.failedOrder),
    ]);
    ids.correlation = headers.get('x-correlation-id') ?? '';
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each(blocksToRun())(
    '$page: $commands.0.command',
    async ({ commands }) => {
      for (const { command, answer } of commands) {
        // Prepare: curl ends with status 0 whatever it is answered, unless it is told
        const strict = answer === undefined ? command.replace(/^curl /, 'curl --fail ') : command;

        // Act
        const { status, stdout, stderr } = await runAsReader(here(strict, ids), folder);

        // Assess
        expect(mayAnswerNo(command) ? [0, 1] : [0], `${command}\n${stderr}`).toContain(status);
        if (answer !== undefined) {
          expect(stdout.trim(), command).toBe(answer);
        }
      }
    },
    BLOCK_TIMEOUT_MS,
  );
});

/** What is left to run of each block, in the order in which a reader would; no command twice. */
function blocksToRun(): readonly DocumentedBlock[] {
  const seen = new Set<string>();
  return blocks
    .map(({ page, commands: all }) => ({
      page,
      commands: all.filter((entry) => {
        const isNew = !seen.has(entry.command);
        seen.add(entry.command);
        return isNew && isRunHere(entry);
      }),
    }))
    .filter((block) => block.commands.length > 0);
}

function isRunHere({ command }: DocumentedCommand): boolean {
  return (
    isRunnable(command) &&
    reasonNotToRun(command) === undefined &&
    (hasAwsCli || !command.startsWith('aws ')) &&
    (hasJq || !command.includes('jq ')) &&
    // An execution of an EXPRESS workflow can't be listed, on AWS neither.
    !(target.isExpress && command.startsWith('aws stepfunctions '))
  );
}

/** Its exit status 1 says "no": the order failed by lot, or is not one to redrive. */
function mayAnswerNo(command: string): boolean {
  return /^npx dofs (order (watch|submit)|test stress|failed redrive)/.test(command);
}

const EXECUTIONS = 'arn:aws:states:us-east-1:123456789012:execution:dofs-dev-order-processing';

/** What stands for the placeholders. */
interface Ids {
  order: string;
  failedOrder: string;
  correlation: string;
}

/** The command for the system under test, about an order that it has. */
function here(command: string, ids: Ids): string {
  const order = command.startsWith('npx dofs failed') ? ids.failedOrder : ids.order;
  const addressed = command
    .replaceAll('http://127.0.0.1:3000/dev', target.apiUrl)
    .replaceAll('http://127.0.0.1:4566', target.awsEndpoint)
    .replaceAll('npx dofs', `"${process.execPath}" "${join(REPOSITORY, 'apps/cli/bin/dofs.mjs')}"`)
    .replaceAll('CORRELATION_ID', ids.correlation)
    .replaceAll('ORDER_ID', order)
    .replace(/ ARN\b/, ` ${EXECUTIONS}:${order}`);
  // As the pages say: version 1 of the AWS CLI needs to be told for SQS.
  return command.includes('--endpoint-url')
    ? addressed
    : addressed.replace(/^aws sqs [\w-]+/, (call) => `${call} --endpoint-url ${target.awsEndpoint}`);
}

interface Outcome {
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

function runAsReader(command: string, cwd: string): Promise<Outcome> {
  const environment = {
    DOFS_API_URL: target.apiUrl,
    AWS_ENDPOINT_URL: target.awsEndpoint,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  return new Promise((resolve) => {
    execFile(
      'bash',
      ['-o', 'pipefail', '-c', command],
      { cwd, env: { ...process.env, ...environment }, maxBuffer: 64 * 1024 * 1024, timeout: RUN_TIMEOUT_MS },
      (error, stdout, stderr) => {
        resolve({ status: error === null ? 0 : (error.code ?? String(error.signal)), stdout, stderr });
      },
    );
  });
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { join } from 'node:path';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { awsView, clientSettings } from '../aws-clients.ts';
import { eventually } from '../eventually.ts';
import { startLocalSystem, type LocalSystem } from '../local-system.ts';
import { audit, type FinalState, type Violation } from './audit.ts';
import { chaosFaults, type FaultFile } from './fault-set.ts';
import { readFinalState, unfinished } from './final-state.ts';
import { chaosOrders, repetitionOf, type LedgerEntry } from './ledger.ts';
import { outsideFaults } from './outside-faults.ts';
import { poisonMessages, type PoisonMessage } from './poison.ts';
import type { InjectedFault, OutsideFault } from './report.ts';
import { inParallel, sendUntilAccepted, type Client } from './send-orders.ts';

export interface ChaosOptions {
  readonly orders: number;
  readonly seed: number;
  /** Orders sent at once. */
  readonly concurrency: number;
  /** How often the whole system is ended by SIGKILL on the way. */
  readonly restarts: number;
  readonly express: boolean;
  /** How long DynamoDB refuses every write, in seconds, soon after the start; 0: not at all. */
  readonly outageSeconds: number;
}

export interface ChaosResult {
  readonly faults: FaultFile;
  readonly injected: readonly InjectedFault[];
  readonly outside: readonly OutsideFault[];
  readonly violations: readonly Violation[];
  readonly ledger: readonly LedgerEntry[];
  readonly state: FinalState;
}

/** Told of the run's progress: what it does, and how far it is, 0 to 1. */
export type Progress = (stage: string, share: number) => void;

const PREFIX = 'dofs-dev';
/** Longest wait for orders to be sent between two kills, in milliseconds. */
const SENDING_MS = 900_000;
/** How long the number of what isn't finished may stand still before the run gives up, in milliseconds. */
const STANDSTILL_MS = 180_000;
/** Each look reads the tables: often would slow down what is looked at. */
const LOOK_EVERY_MS = 500;

/** Orders hang: the very thing that must not happen. */
export class StandstillError extends Error {
  override readonly name = 'StandstillError';
  constructor(left: number) {
    super(`${left} orders, messages or executions have not got on for ${STANDSTILL_MS / 1_000} s`);
  }
}

/** Short timeouts, so that a redelivery takes seconds; the ratio between them is the deployed one. */
const SETTINGS = {
  DOFS_FULFILLMENT_TIMEOUT_SECONDS: '1',
  DOFS_VISIBILITY_TIMEOUT_SECONDS: '6',
  DOFS_LAMBDA_TIMEOUT_SECONDS: '5',
  DOFS_STUCK_AFTER_SECONDS: '60',
  DOFS_SWEEP_INTERVAL_MINUTES: '1',
};

/** One chaos run from the empty system to the audit. */
export async function runChaos(
  options: ChaosOptions,
  progress: Progress,
  stopped: AbortSignal,
): Promise<ChaosResult> {
  const workDir = mkdtempSync(join(tmpdir(), 'dofs-chaos-'));
  const faults = chaosFaults(options.seed, options);
  const faultsFile = join(workDir, 'faults.json');
  writeFileSync(faultsFile, JSON.stringify(faults));
  const dataDir = join(workDir, 'data');
  const start = () =>
    startLocalSystem({
      args: ['--data-dir', dataDir, '--faults', faultsFile],
      environment: { ...SETTINGS, DOFS_WORKFLOW_TYPE: options.express ? 'EXPRESS' : 'STANDARD' },
    });
  const over = new AbortController();
  const signal = AbortSignal.any([stopped, over.signal]);
  progress('starting the system', 0);
  let system = await start();
  try {
    const ledger = chaosOrders(options.seed, options.orders);
    const poison = poisonMessages(options.seed);
    const hitByKills = new Set<LedgerEntry>();
    const run: Run = { options, ledger, poison, hitByKills, start, progress, signal };
    system = await sendUnderFaults(run, system);
    const settle = async () => {
      await drained(run, system);
      await askAgain(run, system);
      await drained(run, system);
    };
    await Promise.race([system.failure, settle()]);
    const state = await readFinalState(system, PREFIX, options.express);
    return {
      faults,
      injected: injectedFaults(dataDir),
      outside: outsideFaults(options, ledger, poison, hitByKills),
      violations: audit(ledger, poison, state),
      ledger,
      state,
    };
  } finally {
    over.abort(new Error('the run is over'));
    await system.stop();
    rmSync(workDir, { recursive: true, force: true });
  }
}

interface Run {
  readonly options: ChaosOptions;
  readonly ledger: readonly LedgerEntry[];
  readonly poison: readonly PoisonMessage[];
  /** Gets the orders of the requests that were open when the system was killed. */
  readonly hitByKills: Set<LedgerEntry>;
  readonly start: () => Promise<LocalSystem>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Sends all orders; at even distances it kills the system and starts it again. Gives the last one started. */
async function sendUnderFaults(run: Run, first: LocalSystem): Promise<LocalSystem> {
  const { options, ledger, signal } = run;
  let system = first;
  let accepted = 0;
  const open = new Set<LedgerEntry>();
  const client = clientOf(() => system, signal);
  const sending = inParallel(ledger, options.concurrency, async (entry, n) => {
    signal.throwIfAborted();
    const askers =
      repetitionOf(options.seed, n) === 'at-once' ? (['first', 'twin'] as const) : (['first'] as const);
    open.add(entry);
    await Promise.all(askers.map((asker) => sendUntilAccepted(client, entry, asker)));
    open.delete(entry);
    accepted += 1;
    run.progress('sending orders', accepted / options.orders);
  });
  await sendPoison(system, run.poison);
  for (let restart = 1; restart <= options.restarts; restart += 1) {
    const due = Math.floor((options.orders * restart) / (options.restarts + 1));
    await Promise.race([
      system.failure,
      sending,
      eventually(
        () => Promise.resolve(accepted),
        (count) => count >= due,
        SENDING_MS,
      ),
    ]);
    open.forEach((entry) => run.hitByKills.add(entry));
    await system.kill();
    system = await run.start();
  }
  await Promise.race([system.failure, sending]);
  return system;
}

function clientOf(system: () => LocalSystem, signal: AbortSignal): Client {
  return {
    apiUrl: () => system().apiUrl,
    now: () => performance.now(),
    signal,
    pause: (ms) => setTimeout(ms),
  };
}

/** Asks again for orders that have long ended, as a client does that has lost its memory. */
async function askAgain({ options, ledger, progress, signal }: Run, system: LocalSystem): Promise<void> {
  const client = clientOf(() => system, signal);
  const repeated = ledger.filter((_, n) => repetitionOf(options.seed, n) === 'later');
  await inParallel(repeated, options.concurrency, async (entry, n) => {
    await sendUntilAccepted(client, entry, 'later');
    progress('asking again for orders that have ended', n / repeated.length);
  });
}

async function sendPoison(system: LocalSystem, poison: readonly PoisonMessage[]): Promise<void> {
  const sqs = new SQSClient(clientSettings(system.awsEndpoint));
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${PREFIX}-order-queue` }));
  for (const { body } of poison) {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
  }
  sqs.destroy();
}

async function drained({ options, ledger, progress, signal }: Run, system: LocalSystem): Promise<void> {
  const view = awsView(system.awsEndpoint, PREFIX);
  let most = 1;
  let least = Infinity;
  let lastProgress = performance.now();
  try {
    for (;;) {
      signal.throwIfAborted();
      const left = await unfinished(system, view, ledger, options.express);
      if (left === 0) {
        return;
      }
      most = Math.max(most, left);
      progress(`waiting for ${left} orders, messages and executions`, 1 - left / most);
      if (left < least) {
        least = left;
        lastProgress = performance.now();
      }
      if (performance.now() - lastProgress > STANDSTILL_MS) {
        throw new StandstillError(left);
      }
      await setTimeout(LOOK_EVERY_MS, undefined, { signal });
    }
  } finally {
    view.close();
  }
}

function injectedFaults(dataDir: string): InjectedFault[] {
  const lines = readFileSync(join(dataDir, 'faults.jsonl'), 'utf8').trim().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as InjectedFault);
}

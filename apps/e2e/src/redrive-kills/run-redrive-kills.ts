import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { awsView } from '../aws-clients.ts';
import type { Violation } from '../chaos/audit.ts';
import type { LedgerEntry } from '../chaos/ledger.ts';
import { inParallel, sendUntilAccepted } from '../chaos/send-orders.ts';
import { eventually } from '../eventually.ts';
import { startLocalSystem, type LocalSystem } from '../local-system.ts';
import { auditRedrives, type RedrivenOrder, type RedrivenState } from './audit.ts';
import { redriveAll, type KillPoint, type Run } from './killed-cli.ts';
import { readSettlements } from './settlements.ts';

export interface RedriveKillsOptions {
  /** Orders that fail first. */
  readonly orders: number;
  /** How often the command line is killed before it may finish. */
  readonly kills: number;
  /** The same seed kills at the same moments. */
  readonly seed: number;
}

export interface RedriveKillsResult {
  readonly runs: readonly Run[];
  readonly violations: readonly Violation[];
  readonly fulfilled: number;
}

/** Told of what happens, a line each. */
export type Say = (line: string) => void;

const PREFIX = 'dofs-dev';
const SENT_AT_ONCE = 20;
const DRAIN_MS = 300_000;
/** Within these the moments of the kills are drawn: the start takes about as long; some orders are reported in it. */
const START_MS = 900;
const WORK_MS = 150;

/**
 * Lets every order fail, then redrives all of them while the system runs with a success rate of 1: the command line
 * is killed at random moments and run again, and in the end left alone. Then everything is audited.
 */
export async function runRedriveKills(options: RedriveKillsOptions, say: Say): Promise<RedriveKillsResult> {
  const workDir = mkdtempSync(join(tmpdir(), 'dofs-redrive-kills-'));
  const dataDir = join(workDir, 'data');
  const start = (successRate: string) =>
    startLocalSystem({
      args: ['--data-dir', dataDir],
      environment: { DOFS_FULFILLMENT_SUCCESS_RATE: successRate },
    });
  let system = await start('0');
  try {
    const failedIds = await failedOrders(system, options);
    say(`${failedIds.length} orders are FAILED`);
    await system.stop();
    system = await start('1');
    const runs = await killedAgainAndAgain(dataDir, options, say);
    const state = await stateAtRest(system, failedIds);
    return {
      runs,
      violations: auditRedrives(failedIds, state),
      fulfilled: state.orders.filter(({ status }) => status === 'FULFILLED').length,
    };
  } finally {
    await system.stop();
    rmSync(workDir, { recursive: true, force: true });
  }
}

/** Sends the orders, and waits until each is FAILED in both tables. */
async function failedOrders(
  system: LocalSystem,
  { orders, seed }: RedriveKillsOptions,
): Promise<readonly string[]> {
  const ledger = Array.from({ length: orders }, (_, n): LedgerEntry => {
    const order = { customer_id: `cust-${n}`, items: [{ product_id: 'prod-widget-001', quantity: 1 }] };
    return { key: `redrive-kills-${seed}-${n}`, order, accepted: [], unexpected: [] };
  });
  const client = {
    apiUrl: () => system.apiUrl,
    now: () => performance.now(),
    pause: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    signal: new AbortController().signal,
  };
  await inParallel(ledger, SENT_AT_ONCE, (entry) => sendUntilAccepted(client, entry, 'first'));
  const view = awsView(system.awsEndpoint, PREFIX);
  await eventually(
    async () => [(await view.failedOrders()).length, await view.messagesLeft()],
    ([rows, messages]) => rows === orders && messages === 0,
    DRAIN_MS,
  ).finally(() => view.close());
  return ledger.flatMap(({ accepted: [first] }) => first?.orderId ?? []);
}

async function killedAgainAndAgain(
  dataDir: string,
  { kills, seed }: RedriveKillsOptions,
  say: Say,
): Promise<readonly Run[]> {
  const runs: Run[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const killPoint = killPointOf(seed, kill);
    const run = await redriveAll(dataDir, killPoint);
    runs.push(run);
    const moment = `${killPoint.afterMs} ms after its ${killPoint.from}`;
    say(
      `${run.wasKilled ? 'killed' : `ended with status ${run.status}`} ${moment}, ${run.reported} reported`,
    );
  }
  const last = await redriveAll(dataDir);
  say(`left alone: ended with status ${last.status}, ${last.reported} reported ${last.stderr}`.trim());
  return [...runs, last];
}

/** One in four anywhere from its start on, the others while it works. */
function killPointOf(seed: number, kill: number): KillPoint {
  const dice = createHash('sha256').update(`redrive-kill/${seed}/${kill}`).digest();
  const share = dice.readUInt32BE(1) / 2 ** 32;
  return dice.readUInt8(0) < 64
    ? { from: 'start', afterMs: Math.round(share * START_MS) }
    : { from: 'work', afterMs: Math.round(share * WORK_MS) };
}

/** What is there once both queues are empty and nothing is PROCESSING. */
async function stateAtRest(system: LocalSystem, failedIds: readonly string[]): Promise<RedrivenState> {
  const view = awsView(system.awsEndpoint, PREFIX);
  try {
    await eventually(
      async () => {
        const open = (await view.orders()).filter((order) => order['status']?.S === 'PROCESSING');
        return open.length + (await view.messagesLeft());
      },
      (left) => left === 0,
      DRAIN_MS,
    );
    const [orders, rows] = await Promise.all([view.orders(), view.failedOrders()]);
    return {
      orders: orders.map((item) => unmarshall(item) as RedrivenOrder),
      failedRows: rows.map((row) => row['order_id']?.S ?? ''),
      messagesLeft: await view.messagesLeft(),
      settlements: await readSettlements(system.awsEndpoint, PREFIX, failedIds),
    };
  } finally {
    view.close();
  }
}

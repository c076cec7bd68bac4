import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstOrder, type FirstOrder } from '../measure/first-order.ts';
import { startSystem } from '../measure/local-system.ts';
import { samples, type NamedSamples } from '../measure/samples.ts';

/** What goals ask for, by name. */
export const FIRST_ACCEPTED = 'npm start until its first accepted order';

/** Starts the system `runs` times as a user does the first time: bundles built, state on disk, nothing stored. */
export async function measureStart(runs: number, signal: AbortSignal): Promise<NamedSamples[]> {
  const measured: (FirstOrder & { readonly startMs: number })[] = [];
  for (let n = 0; n < runs; n += 1) {
    measured.push(await oneStart(signal));
  }
  const of = (value: (run: (typeof measured)[number]) => number) => samples('ms', measured.map(value));
  return [
    { name: 'npm start until it says that it runs', ...of(({ startMs }) => startMs) },
    { name: FIRST_ACCEPTED, ...of(({ acceptedMs }) => acceptedMs) },
    { name: 'npm start until that order has ended', ...of(({ endedMs }) => endedMs) },
  ];
}

async function oneStart(signal: AbortSignal) {
  const dataDir = mkdtempSync(join(tmpdir(), 'dofs-start-'));
  try {
    const system = await startSystem({ args: ['--data-dir', dataDir], signal });
    try {
      return { startMs: system.startMs, ...(await firstOrder(system)) };
    } finally {
      await system.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { runDofs } from './testing/run-dofs.ts';

const LOCAL = join(import.meta.dirname, '../../local/src/main.ts');

describe('dofs and the system that runs on this machine', { timeout: 180_000 }, () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'dofs-cli-local-'));
  let system: ChildProcess | undefined;
  afterEach(() => stop());
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  async function start(successRate: string): Promise<void> {
    const args = ['--api-port', '0', '--aws-port', '0', '--data-dir', dataDir, '--json'];
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', LOCAL, ...args], {
      env: { ...process.env, DOFS_FULFILLMENT_SUCCESS_RATE: successRate },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    system = child;
    const failed = Promise.all([once(child, 'close'), text(child.stderr)]).then(([, stderr]) => {
      throw new Error(`the local system ended: ${stderr}`);
    });
    await Promise.race([once(createInterface({ input: child.stdout }), 'line'), failed]);
    failed.catch(() => undefined);
  }

  async function stop(): Promise<void> {
    const child = system;
    system = undefined;
    if (child !== undefined) {
      child.kill('SIGTERM');
      await once(child, 'close');
    }
  }

  const dofs = (...args: string[]) =>
    runDofs([...args, '--data-dir', dataDir], { PATH: process.env['PATH'] });

  it('passes the smoke and the stress test, and says whether the success rate fits', async () => {
    // Prepare
    await start('0.7');

    // Act
    const smoke = await dofs('test', 'smoke');
    const stress = await dofs('test', 'stress');

    // Assess
    expect(smoke.stdout).toContain('smoke test PASSED');
    expect(stress.stdout).toContain('60 of 60 accepted');
    expect(stress.stdout).toContain('set to 70.0 %');
    expect(stress.stdout).toContain('stress test PASSED');
  });

  it('shows the path and the log lines of an order', async () => {
    // Prepare
    await start('1');

    // Act
    const watch = await dofs('order', 'submit', '--customer', 'cust-1', '--item', 'p:1', '--watch', '--json');
    const [accepted, ...steps] = watch.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { order_id: string; step: string });
    const logs = await dofs('logs', accepted?.order_id ?? '', '--json');

    // Assess
    const path = steps.map(({ step }) => step);
    expect(path.at(0)).toBe('accepted');
    expect(path.at(-1)).toBe('fulfilled');
    // The attempt may be over before the workflow notes that its last state is.
    expect(path.toSorted()).toEqual(['accepted', 'attempt', 'fulfilled', 'queued', 'stored', 'validated']);
    const sources = (JSON.parse(logs.stdout) as { source: string }[]).map(({ source }) => source);
    expect(new Set(sources)).toEqual(new Set(['api-handler', 'validator', 'order-storage', 'fulfill-order']));
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, 'main.ts');

it('Ctrl-C stops a system cleanly, though npm passes it on a second time', async () => {
  // Prepare
  const temporary = mkdtempSync(join(tmpdir(), 'dofs-stop-'));
  const options = ['--ephemeral', '--json', '--api-port', '0', '--aws-port', '0'];
  const system = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...options], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(system, 'exit');
  await once(system.stdout, 'data');

  // Act
  system.kill('SIGINT');
  await setTimeout(5);
  system.kill('SIGINT');

  // Assess
  expect(await exited).toEqual([0, null]);
  expect(readdirSync(temporary)).toEqual([]);
  rmSync(temporary, { recursive: true });
}, 60_000);

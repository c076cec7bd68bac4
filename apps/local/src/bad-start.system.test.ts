import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, 'main.ts');

/** Runs the program to its end; free ports and a temporary data directory unless the options say otherwise. */
function start(args: readonly string[], environment: Record<string, string> = {}) {
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    timeout: 60_000,
  });
}

describe('npm start with a setting that can not work', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dofs-bad-start-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const dataDir = () => join(folder, 'data');
  const freePorts = ['--api-port', '0', '--aws-port', '0'];

  it.each([
    ['an unknown environment', ['--env', 'nowhere'], {}, /--env is "nowhere"/],
    ['an environment that is no name', ['--env', '../dev'], {}, /--env/],
    ['a port that is none', ['--api-port', '70000'], {}, /--api-port/],
    ['an unknown option', ['--colour'], {}, /--colour/],
    [
      'a success rate of 1.5',
      [],
      { DOFS_FULFILLMENT_SUCCESS_RATE: '1.5' },
      /DOFS_FULFILLMENT_SUCCESS_RATE|fulfillmentSuccessRate/,
    ],
    ['a fault file that does not exist', ['--faults', '/nowhere/faults.json'], {}, /--faults/],
  ])('ends with one line that names it: %s', (_, args, environment, named) => {
    // Act
    const { status, stdout, stderr } = start([...freePorts, '--data-dir', dataDir(), ...args], environment);

    // Assess
    expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(named)]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(existsSync(dataDir())).toBe(false);
  });

  it.each(['--api-port', '--aws-port'])(
    'names %s where the port is in use, and lets go of the data directory',
    async (option) => {
      // Prepare
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;

      // Act
      const { status, stdout, stderr } = start([...freePorts, option, String(port), '--data-dir', dataDir()]);
      server.close();

      // Assess
      expect(stderr.trim().split('\n')).toEqual([
        expect.stringMatching(new RegExp(`${option}.*${port}|${port}.*${option}`)),
      ]);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(existsSync(dataDir())).toBe(false);
    },
  );

  it('names the data directory where it can not be written', () => {
    // Prepare
    writeFileSync(dataDir(), 'a file stands where the folder should be');

    // Act
    const { status, stdout, stderr } = start([...freePorts, '--data-dir', dataDir()]);

    // Assess
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('--data-dir')]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });

  it.skipIf(process.platform !== 'linux')('names the data directory where no folder can be made', () => {
    // Act
    const { status, stdout, stderr } = start([...freePorts, '--data-dir', '/proc/dofs/data']);

    // Assess
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('--data-dir /proc/dofs/data')]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });

  it('refuses a data directory that a running system uses', () => {
    // Prepare: this very process stands for the running system
    const held = mkdtempSync(join(folder, 'held-'));
    writeFileSync(join(held, 'running.pid'), String(process.pid));

    // Act
    const { status, stderr } = start([...freePorts, '--data-dir', held]);

    // Assess
    expect(status).toBe(1);
    expect(stderr).toContain(`process id ${process.pid}`);
  });
});

describe('npm start -- --help', () => {
  it('lists every option and ends well', () => {
    // Act
    const { status, stdout } = start(['--help']);

    // Assess
    expect(status).toBe(0);
    for (const option of [
      '--env',
      '--api-port',
      '--aws-port',
      '--data-dir',
      '--ephemeral',
      '--faults',
      '--json',
    ]) {
      expect(stdout).toContain(option);
    }
  });
});

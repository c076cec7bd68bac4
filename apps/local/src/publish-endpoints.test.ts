import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { greeting } from './greeting.ts';
import { parseOptions, type LocalOptions } from './options.ts';
import { publishEndpoints } from './publish-endpoints.ts';

const ENDPOINTS = {
  pid: process.pid,
  environment: 'dev',
  region: 'us-east-1',
  apiUrl: 'http://127.0.0.1:3000/dev',
  awsEndpoint: 'http://127.0.0.1:4566',
  outputs: {},
};

function optionsOf(...args: string[]): LocalOptions {
  const options = parseOptions(args);
  if (options === 'help') {
    throw new TypeError('these ask for help');
  }
  return options;
}

describe('the endpoints of a running system', () => {
  let root: string;
  let cwd: string;
  beforeEach(() => {
    cwd = process.cwd();
    root = mkdtempSync(join(tmpdir(), 'dofs-publish-'));
    process.chdir(root);
  });
  afterEach(() => {
    process.chdir(cwd);
    rmSync(root, { recursive: true });
  });

  it('stand in its data directory while it runs', () => {
    // Act
    const published = publishEndpoints(ENDPOINTS, root, optionsOf('--data-dir', root));
    const during = readdirSync(root);
    published.withdraw();

    // Assess
    expect(during).toEqual(['endpoints.json']);
    expect(readdirSync(root)).toEqual([]);
  });

  it('are found by way of the environment where it is ephemeral', () => {
    // Prepare
    const temporary = join(root, 'tmp');
    const pointer = join(root, '.dofs/dev/ephemeral.json');

    // Act
    const published = publishEndpoints(ENDPOINTS, temporary, optionsOf('--ephemeral'));
    const { dataDir } = JSON.parse(readFileSync(pointer, 'utf8')) as { dataDir: string };
    published.withdraw();

    // Assess
    expect(dataDir).toBe(temporary);
    expect(existsSync(pointer)).toBe(false);
  });

  it('of a newer ephemeral system stay when the older one ends', () => {
    // Prepare
    const older = publishEndpoints(ENDPOINTS, join(root, 'older'), optionsOf('--ephemeral'));
    publishEndpoints(ENDPOINTS, join(root, 'newer'), optionsOf('--ephemeral'));

    // Act
    older.withdraw();

    // Assess
    expect(readFileSync(join(root, '.dofs/dev/ephemeral.json'), 'utf8')).toContain('newer');
  });

  it('are told to whoever asked for JSON only', () => {
    // Act
    publishEndpoints(ENDPOINTS, join(root, 'tmp'), optionsOf('--ephemeral', '--json'));

    // Assess
    expect(existsSync(join(root, '.dofs'))).toBe(false);
  });
});

describe('the greeting', () => {
  it.each([
    ['dev', '.dofs/dev', 'npx dofs status'],
    ['dev', undefined, 'npx dofs status'],
    ['prod', '.dofs/prod', 'npx dofs --env prod status'],
    ['prod', undefined, 'npx dofs --env prod status'],
    ['dev', '/tmp/elsewhere', 'npx dofs --data-dir /tmp/elsewhere status'],
  ])('says how dofs finds %s in %s', (environment, dataDir, command) => {
    expect(
      greeting({ ...ENDPOINTS, environment }, { notHonoured: [], apis: [] }, dataDir).split('\n'),
    ).toContain(`  ${command}`);
  });
});

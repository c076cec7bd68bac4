#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// Starts the TypeScript program. The program needs Node 22, which `npm ci` puts into node_modules/.bin; whatever
// node this file was started with, that one runs the program.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const MINIMUM = [22, 18];
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const installedNode = join(fileURLToPath(new URL('.', import.meta.url)), '../../../node_modules/.bin/node');

function isNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

function runWith(node) {
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // A terminal sends Ctrl-C to both processes: the child decides what to do with it, this one waits. A signal
  // that only this process gets is passed on.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('close', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGKILL' ? 137 : 1);
  });
}

if (isNewEnough()) {
  const { enableCompileCache } = await import('node:module');
  enableCompileCache?.();
  await import(pathToFileURL(main).href);
} else if (existsSync(installedNode)) {
  runWith(installedNode);
} else {
  process.stderr.write(
    `dofs: needs Node ${MINIMUM.join('.')} or newer, this is ${process.version}; run npm ci, which installs one\n`,
  );
  process.exitCode = 2;
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandsInTextOf, isRunnable, reasonNotToRun, shellBlocksOf } from './documented-commands.ts';
import { anchorsOf, readPages, REPOSITORY } from './markdown.ts';

const pages = readPages();
const commands = [...pages.flatMap(shellBlocksOf), ...pages.flatMap(commandsInTextOf)].flatMap(
  (block) => block.commands,
);

describe.each(pages.map((page) => [page.path, page] as const))('%s', (path, page) => {
  it('links only to what exists', () => {
    // Act
    const broken = page.links.filter((link) => !isExternal(link) && !resolves(path, link));

    // Assess
    expect(broken).toEqual([]);
  });

  it('names only files that exist', () => {
    // Act
    const missing = page.codeSpans.flatMap((span) => pathIn(span) ?? []).filter((name) => !isFile(name));

    // Assess
    expect(missing).toEqual([]);
  });
});

describe('the commands of the documentation', () => {
  it('are each run here, or there is a reason why not', () => {
    const unexplained = commands.filter(
      ({ command }) => !isRunnable(command) && reasonNotToRun(command) === undefined,
    );
    expect(unexplained).toEqual([]);
  });

  it('name only npm scripts and programs that exist', () => {
    // Prepare
    const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...commands.map(({ command }) => command), ...pages.flatMap((page) => page.codeSpans)];

    // Act
    const missingScripts = named
      .flatMap((text) => [...text.matchAll(/\bnpm (?:run )?([\w:-]+)/g)])
      .flatMap((match) => match[1] ?? [])
      .filter((name) => !['ci', 'install'].includes(name) && !(name in scripts));
    const missingPrograms = named
      .flatMap((text) => /^node (\S+\.ts)/.exec(text)?.[1] ?? [])
      .filter((file) => !existsSync(join(REPOSITORY, file)));

    // Assess
    expect({ missingScripts, missingPrograms }).toEqual({ missingScripts: [], missingPrograms: [] });
  });
});

function isExternal(link: string): boolean {
  return /^[a-z]+:/.test(link);
}

function resolves(from: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const absolute = file === '' ? join(REPOSITORY, from) : join(REPOSITORY, dirname(from), file);
  if (anchor === undefined) {
    return existsSync(absolute);
  }
  const page = pages.find(({ path }) => path === relative(REPOSITORY, absolute));
  return page !== undefined && anchorsOf(page).includes(anchor);
}

/** The path that a code span is or begins with; placeholders and globs are none. */
function pathIn(span: string): string | undefined {
  const [word = ''] = span.split(' ');
  const isOfTheHouse = /^(apps|libs|tools|pipeline|docs|\.ci)\//.test(word);
  const isSource = /^[\w.-]+(\/[\w.-]+)*\.(ts|mjs|sh|md|yml)$/.test(word);
  return (isOfTheHouse || isSource) && !/[<>*]|NAME/.test(word) ? word : undefined;
}

const files = ['.', ...['apps', 'libs', 'tools', 'pipeline', 'docs']].flatMap((folder) =>
  listFiles(folder, folder !== '.'),
);

/** Exists as it is written, or as the end of some file's path (`config/environments.ts`). */
function isFile(name: string): boolean {
  return existsSync(join(REPOSITORY, name)) || files.some((file) => `/${file}`.endsWith(`/${name}`));
}

function listFiles(folder: string, deep: boolean): string[] {
  return readdirSync(join(REPOSITORY, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) {
      return [path];
    }
    return deep && !['node_modules', 'dist'].includes(entry.name) ? listFiles(path, deep) : [];
  });
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const REPOSITORY = join(import.meta.dirname, '../../../..');

/** A page of the documentation. */
export interface Page {
  /** From the repository's root: `docs/cli.md`. */
  readonly path: string;
  readonly headings: readonly string[];
  /** Targets of links and images, as written. */
  readonly links: readonly string[];
  /** What stands in single backticks. */
  readonly codeSpans: readonly string[];
  readonly fences: readonly Fence[];
}

export interface Fence {
  /** `bash`; empty where the block names none. */
  readonly language: string;
  readonly lines: readonly string[];
}

/** All pages: those in the root and everything under docs/. */
export function readPages(): readonly Page[] {
  const inDocs = readdirSync(join(REPOSITORY, 'docs'), { recursive: true, encoding: 'utf8' });
  return [...readdirSync(REPOSITORY), ...inDocs.map((name) => join('docs', name))]
    .filter((name) => name.endsWith('.md'))
    .map((path) => parsePage(path, readFileSync(join(REPOSITORY, path), 'utf8')));
}

/** Reads what the checks need; no more of Markdown than the pages use. */
export function parsePage(path: string, text: string): Page {
  const fences: Fence[] = [];
  const prose: string[] = [];
  let open: { language: string; lines: string[] } | undefined;
  for (const line of text.split('\n')) {
    const mark = /^\s*```(\w*)/.exec(line);
    if (mark === null) {
      (open?.lines ?? prose).push(line);
    } else if (open === undefined) {
      open = { language: mark[1] ?? '', lines: [] };
    } else {
      fences.push(open);
      open = undefined;
    }
  }
  const body = prose.join('\n');
  return {
    path,
    fences,
    headings: prose.flatMap((line) => /^#+ (.*)$/.exec(line)?.[1] ?? []),
    links: [...body.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)].flatMap(
      (match) => match[1] ?? [],
    ),
    codeSpans: [...body.matchAll(/`([^`\n]+)`/g)].flatMap((match) => match[1] ?? []),
  };
}

/** The anchors of a page, as GitHub makes them of its headings: a repeated one gets -1, -2, ... */
export function anchorsOf({ headings }: Page): readonly string[] {
  const seen = new Map<string, number>();
  return headings.map((heading) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
}

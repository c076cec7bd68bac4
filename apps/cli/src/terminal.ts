import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Where a command writes. Results go to `out`, everything else (progress, questions, errors) to `err`. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Only JSON on stdout. */
  readonly json: boolean;
}

export function print(terminal: Terminal, text: string): void {
  terminal.stdout.write(`${text}\n`);
}

/** A line for people, not for programs: left out where JSON was asked for. */
export function remark(terminal: Terminal, text: string): void {
  if (!terminal.json) {
    terminal.stderr.write(`${text}\n`);
  }
}

/** What went wrong, as people or programs read it. */
export interface Complaint {
  readonly kind: string;
  readonly message: string;
  /** What to do next; empty: nothing. */
  readonly hint: string;
}

/** One line on stderr of what went wrong and what to do next. */
export function complain(terminal: Terminal, { kind, message, hint }: Complaint): void {
  if (terminal.json) {
    terminal.stderr.write(`${JSON.stringify({ error: { kind, message, hint } })}\n`);
    return;
  }
  const label = styleText('red', 'dofs:', { stream: terminal.stderr });
  terminal.stderr.write(`${label} ${message}${hint === '' ? '' : ` — ${hint}`}\n`);
}

/** One JSON document, or with `line` one of several lines. */
export function printJson(
  terminal: Terminal,
  value: unknown,
  layout: 'document' | 'line' = 'document',
): void {
  print(terminal, layout === 'line' ? JSON.stringify(value) : JSON.stringify(value, undefined, 2));
}

/** Colours text for stdout, unless it is no terminal or NO_COLOR is set. */
export function paint(terminal: Terminal, format: Format, text: string): string {
  return styleText(format, text, { stream: terminal.stdout });
}

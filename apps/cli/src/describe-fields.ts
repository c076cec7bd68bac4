import { paint, type Terminal } from './terminal.ts';

const STATUS_COLOUR = { FULFILLED: 'green', FAILED: 'red', PROCESSING: 'yellow' } as const;

/** An object as people read it: a line a field, nested ones indented. */
export function describeFields(terminal: Terminal, fields: object, indent = ''): string {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...entries.map(([name]) => name.length));
  return entries
    .map(([name, value]) => {
      const label = `${indent}${paint(terminal, 'dim', name.padEnd(width))}  `;
      if (!Array.isArray(value)) {
        return `${label}${described(terminal, value as unknown)}`;
      }
      return [label.trimEnd(), ...value.map((entry) => `${indent}  ${inline(entry as unknown)}`)].join('\n');
    })
    .join('\n');
}

function described(terminal: Terminal, value: unknown): string {
  const colour =
    typeof value === 'string' && value in STATUS_COLOUR ? STATUS_COLOUR[value as 'FAILED'] : undefined;
  return colour === undefined ? inline(value) : paint(terminal, colour, inline(value));
}

function inline(value: unknown): string {
  if (typeof value !== 'object' || value === null) {
    return String(value);
  }
  return Object.entries(value)
    .map(
      ([name, member]) => `${name}=${typeof member === 'object' ? JSON.stringify(member) : String(member)}`,
    )
    .join('  ');
}

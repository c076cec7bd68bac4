import { Presets, SingleBar } from 'cli-progress';
import type { LoadProgress } from '@dofs/operations/load-test';
import type { Terminal } from './terminal.ts';

export interface Progress {
  readonly update: (progress: LoadProgress) => void;
  readonly stop: () => void;
}

/** A progress bar on stderr; nothing where stderr is no terminal or JSON was asked for. */
export function startProgress(terminal: Terminal, orders: number): Progress {
  if (terminal.json || !terminal.stderr.isTTY) {
    return { update: () => undefined, stop: () => undefined };
  }
  const bar = new SingleBar(
    {
      stream: terminal.stderr,
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      format:
        '{bar} {value}/{total} ended · {accepted} accepted · {fulfilled} fulfilled · {failed} failed · {duration_formatted}',
    },
    Presets.shades_classic,
  );
  bar.start(orders, 0, { accepted: 0, fulfilled: 0, failed: 0 });
  let isStopped = false;
  return {
    update: ({ accepted, refused, fulfilled, failed }) => {
      if (!isStopped) {
        bar.update(fulfilled + failed + refused, { accepted, fulfilled, failed });
      }
    },
    stop: () => {
      if (!isStopped) {
        isStopped = true;
        bar.stop();
      }
    },
  };
}

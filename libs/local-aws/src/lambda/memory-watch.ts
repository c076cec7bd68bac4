import type { HeapInfo } from 'node:v8';

/** How often a worker is looked at, in milliseconds: while it runs an invocation, and while it is idle. */
const BUSY_MS = 100;
const IDLE_MS = 250;
/**
 * A heap grows to four times of what is alive before V8 collects it (its largest growing factor), so only what is
 * beyond that is no garbage for sure.
 */
const GARBAGE_FACTOR = 4;
/** The largest array and the largest text that V8 can make at once, in MB: between two looks, both may be made. */
const LARGEST_LEAP_MB = 2048;
const BYTES_PER_MB = 1024 * 1024;

/**
 * V8's own limit for a function's heap, in MB. One that is reached by a large allocation ends the whole process, so it
 * is out of reach of what the watch lets through.
 */
export function heapLimitMb(memorySizeMb: number): number {
  return memorySizeMb * GARBAGE_FACTOR + LARGEST_LEAP_MB;
}

export interface MemoryWatchSettings {
  readonly memorySizeMb: number;
  /** @throws while the worker doesn't run */
  readonly read: () => Promise<HeapInfo>;
  /** Asks the worker to collect its garbage, and to say what is left (see `collected`) once it gets to that. */
  readonly collect: () => void;
  /** Told once. */
  readonly exceeded: () => void;
}

/** Looks at a worker's memory from outside, so that one that never yields is seen too. */
export interface MemoryWatch {
  busy(): void;
  idle(): void;
  /** @param bytes in use after a collection */
  collected(bytes: number): void;
  stop(): void;
}

export function watchMemory({ memorySizeMb, read, collect, exceeded }: MemoryWatchSettings): MemoryWatch {
  const limit = memorySizeMb * BYTES_PER_MB;
  let isBusy = true;
  let isStopped = false;
  let isCollecting = false;
  let timer: NodeJS.Timeout | undefined;
  const schedule = () => {
    timer = setTimeout(() => void look(), isBusy ? BUSY_MS : IDLE_MS).unref();
  };
  const exceed = () => {
    if (!isStopped) {
      isStopped = true;
      exceeded();
    }
  };
  const look = async () => {
    timer = undefined;
    const bytes = await read().then(usedBytes, () => 0);
    if (bytes > limit * GARBAGE_FACTOR) {
      exceed();
    } else if (bytes > limit && !isCollecting) {
      isCollecting = true;
      collect();
    }
    if (!isStopped) {
      schedule();
    }
  };
  schedule();
  return {
    busy: () => {
      isBusy = true;
      // None: a look is on its way, and schedules the next one.
      if (timer !== undefined) {
        clearTimeout(timer);
        schedule();
      }
    },
    idle: () => {
      isBusy = false;
    },
    collected: (bytes) => {
      isCollecting = false;
      if (bytes > limit) {
        exceed();
      }
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** The heap, and what hangs on it outside: Buffers and other typed arrays. */
function usedBytes({ used_heap_size, external_memory }: HeapInfo): number {
  return used_heap_size + external_memory;
}

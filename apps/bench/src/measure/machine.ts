import { cpus, loadavg, totalmem } from 'node:os';

/** One line on the machine, and how busy it was: figures of a busy machine are not the machine's. */
export function machineState(): string {
  const [processor] = cpus();
  const [load = 0] = loadavg();
  return `${cpus().length} × ${processor?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 1024 ** 3)} GB, Node ${process.version}; load average of the last minute ${load.toFixed(1)}, ${new Date().toISOString()}`;
}

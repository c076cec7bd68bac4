import type { Amounts } from './usage.ts';

/** EXPRESS executions are billed by 100 ms and 64 MB (AWS: "AWS Step Functions pricing"). */
const BILLED_MS = 100;
const MB = 1024 * 1024;
const CHUNK_MB = 64;
/** What an execution takes beside definition and data (same source). */
const BASE_MB = 50;

/**
 * What an EXPRESS execution is billed: one request, and memory by time.
 * @param dataBytes of the state machine's definition and the execution's data
 */
export function executionAmounts(end: { readonly durationMs: number; readonly dataBytes: number }): Amounts {
  const seconds = (Math.max(1, Math.ceil(end.durationMs / BILLED_MS)) * BILLED_MS) / 1000;
  const chunks = Math.ceil((BASE_MB + end.dataBytes / MB) / CHUNK_MB);
  return { executions: 1, gbSeconds: ((chunks * CHUNK_MB) / 1024) * seconds };
}

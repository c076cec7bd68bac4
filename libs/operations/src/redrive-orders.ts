import { OperationError, type OperationErrorKind } from './operation-error.ts';
import { redriveOrder, type RedrivePorts, type RedriveResult } from './redrive.ts';

export type RedriveOutcome =
  RedriveResult | { readonly orderId: string; readonly action: 'error'; readonly reason: string };

export interface RedriveHooks {
  /** Aborted: begin no further order; those under way are finished. */
  readonly signal: AbortSignal;
  readonly onOutcome: (outcome: RedriveOutcome) => void;
}

const AT_ONCE = 5;
/** Errors that would meet every further order too. */
const FATAL: readonly OperationErrorKind[] = ['unreachable', 'credentials', 'not-found'];

/**
 * Redrives many orders, a few at once. An order that fails doesn't hold back the others.
 * @throws OperationError that would meet all of them; what was done until then went to the hook
 */
export async function redriveOrders(
  ports: RedrivePorts,
  orderIds: readonly string[],
  hooks: RedriveHooks,
): Promise<void> {
  const left = [...orderIds];
  let fatal: Error | undefined;
  const worker = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      if (hooks.signal.aborted || fatal !== undefined) {
        return;
      }
      try {
        hooks.onOutcome(await redriveOrder(ports, id));
      } catch (error) {
        if (!(error instanceof OperationError) || FATAL.includes(error.kind)) {
          fatal = error instanceof Error ? error : new Error(String(error));
          return;
        }
        hooks.onOutcome({ orderId: id, action: 'error', reason: error.message });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (fatal !== undefined) {
    throw fatal;
  }
}

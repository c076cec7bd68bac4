import { repetitionOf, type LedgerEntry } from './ledger.ts';
import { POISON_KINDS, type PoisonMessage } from './poison.ts';
import type { OutsideFault } from './report.ts';

/** What a run does to the system from outside, beside the faults that are injected into its calls. */
export function outsideFaults(
  { seed, restarts }: { readonly seed: number; readonly restarts: number },
  ledger: readonly LedgerEntry[],
  poison: readonly PoisonMessage[],
  hitByKills: ReadonlySet<LedgerEntry>,
): OutsideFault[] {
  const onceEach = (name: string, subjects: readonly string[]) => ({
    name,
    times: subjects.length,
    subjects,
  });
  const repeated = (repetition: 'at-once' | 'later') =>
    subjectsOf(ledger.filter((_, n) => repetitionOf(seed, n) === repetition));
  return [
    ...POISON_KINDS.map((name) =>
      onceEach(
        name,
        poison.filter(({ kind }) => kind === name).map(({ id }) => id),
      ),
    ),
    onceEach('request sent twice at once', repeated('at-once')),
    onceEach('request sent again much later', repeated('later')),
    { name: 'whole system killed (kill -9)', times: restarts, subjects: subjectsOf([...hitByKills]) },
  ];
}

/** As the audit names them: by the order's id, or by its key where no answer told one. */
function subjectsOf(entries: readonly LedgerEntry[]): string[] {
  return entries.map(({ key, accepted: [first] }) => first?.orderId ?? key);
}

/** What `terraform show -json PLAN` writes, as far as a summary needs it. */
export interface Plan {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
}

/** CodePipeline cuts an approval's text off at 1000 characters (AWS: CustomData of a manual approval). */
const MAX_LENGTH = 1000;

/** What an approver has to know, in one line: the counts, and what is lost first. */
export function summaryOf(plan: Plan): string {
  const changes = plan.resource_changes ?? [];
  const addresses = (...kinds: string[]) =>
    changes.filter(({ change }) => kinds.includes(change.actions.join())).map(({ address }) => address);
  const made = addresses('create');
  const changed = addresses('update');
  const replaced = addresses('delete,create', 'create,delete');
  const destroyed = addresses('delete');
  const counts = `${made.length} to make, ${changed.length} to change, ${replaced.length} to replace, ${destroyed.length} to destroy`;
  const named = [
    ...destroyed.map((address) => `DESTROY ${address}`),
    ...replaced.map((address) => `REPLACE ${address}`),
    ...changed.map((address) => `change ${address}`),
    ...made.map((address) => `make ${address}`),
  ].join('; ');
  const text = named === '' ? `${counts}.` : `${counts}. ${named}`;
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 3)}...`;
}

import { decision, policiesOf, type Call } from '../simulate.ts';
import { synthesized } from '../synthesized.ts';
import type { Checks } from './checks.ts';
import { callsOf, type Owners, type RecordedRequest } from './recorded-call.ts';

/** Fewer would mean that they weren't seen. */
const MIN_CALLS = 200;

/**
 * Simulates each call that Terraform made (action, ARN, condition keys) with the role that makes it in the pipelines:
 * all with nonprod's deploy role, those of a plan with prod's plan role as if they had been made for prod.
 * @param planned which of the requests a plan made
 */
export async function proveRoles(
  checks: Checks,
  requests: readonly RecordedRequest[],
  planned: { readonly from: number; readonly to: number },
): Promise<void> {
  const stacks = synthesized();
  const global = stacks.jsonOf('dofs-global');
  stacks.remove();
  const owners: Owners = new Map();
  const callsByRequest = requests.map((request) => callsOf(request, owners));
  const deployed = distinct(callsByRequest.flat());
  const read = distinct(callsByRequest.slice(planned.from, planned.to).flat().map(asOfProd));

  await checks.check(
    `nonprod’s deploy role is allowed each call of Terraform (${deployed.length})`,
    async () => {
      await expectAllowed(deployed, policiesOf(global, 'nonprod_deploy_policy', 'nonprod_deploy_resources'));
      if (deployed.length < MIN_CALLS) {
        throw new Error(`only ${deployed.length} calls were seen`);
      }
    },
  );
  await checks.check(`prod’s plan role is allowed each call of a plan (${read.length})`, async () => {
    await expectAllowed(read, policiesOf(global, 'prod_plan_policy'));
    if (read.length < MIN_CALLS / 4) {
      throw new Error(`only ${read.length} calls were seen`);
    }
  });
  await checks.check('no deploy role but their own is allowed what changes an environment', async () => {
    const changes = deployed.filter(
      ({ action, resource }) => resource !== '*' && !/:(Get|List|Describe|GET)/.test(action),
    );
    const prod = policiesOf(global, 'prod_deploy_policy', 'prod_deploy_resources');
    const allowed = await filterAsync(changes, async (call) => (await decision(prod, call)) === 'Allowed');
    if (allowed.length > 0) {
      throw new Error(allowed.map(textOf).join('\n'));
    }
  });
}

async function expectAllowed(calls: readonly Call[], policies: ReturnType<typeof policiesOf>): Promise<void> {
  const refused = await filterAsync(calls, async (call) => {
    const answer = await decision(policies, call);
    // Some actions can be allowed on "*" only, whatever the request names.
    return answer === 'must.use.wildcard'
      ? (await decision(policies, { ...call, resource: '*' })) !== 'Allowed'
      : answer !== 'Allowed';
  });
  if (refused.length > 0) {
    throw new Error(`not allowed:\n${refused.map(textOf).join('\n')}`);
  }
}

async function filterAsync<Item>(
  items: readonly Item[],
  holds: (item: Item) => Promise<boolean>,
): Promise<readonly Item[]> {
  const answers = await Promise.all(items.map(holds));
  return items.filter((_, index) => answers[index]);
}

function distinct(calls: readonly Call[]): readonly Call[] {
  return [...new Map(calls.map((call) => [textOf(call), call])).values()];
}

function textOf({ action, resource, context = {} }: Call): string {
  return `${action} on ${resource} with ${JSON.stringify(context)}`;
}

function asOfProd(call: Call): Call {
  const text = JSON.stringify(call).replaceAll(/dofs-(dev|staging)-/g, 'dofs-prod-');
  return JSON.parse(text.replaceAll(/"(dev|staging)"/g, '"prod"')) as Call;
}

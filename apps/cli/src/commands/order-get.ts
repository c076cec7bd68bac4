import { getOrder } from '@dofs/operations/get-order';
import type { Target } from '@dofs/operations/target';
import type { CommandAction } from '../command-context.ts';
import { EXIT } from '../exit-status.ts';
import { printJson, print } from '../terminal.ts';
import { describeFields } from '../describe-fields.ts';

export const orderGet: CommandAction<{ readonly stored?: boolean }> = async (
  context,
  [orderId = ''],
  options,
) => {
  const target = await context.target();
  const order =
    options.stored === true
      ? await storedOrder(target, orderId)
      : await getOrder(target, orderId, context.stop);
  if (context.terminal.json) {
    printJson(context.terminal, order);
  } else {
    print(context.terminal, describeFields(context.terminal, order));
  }
  return EXIT.ok;
};

async function storedOrder(target: Target, orderId: string) {
  // Loaded here: the plain look-up needs no AWS client.
  const stored = await import('../stored-order.ts');
  return stored.storedOrder(target, orderId);
}

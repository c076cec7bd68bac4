import { OperationError } from '@dofs/operations/operation-error';
import { openTables } from '@dofs/operations/operator-tables';
import type { CommandAction } from '../command-context.ts';
import { describeFields } from '../describe-fields.ts';
import { EXIT } from '../exit-status.ts';
import { paint, print, printJson } from '../terminal.ts';

export const failedShow: CommandAction<object> = async (context, [orderId = '']) => {
  const { terminal } = context;
  const target = await context.target();
  const tables = openTables(target);
  try {
    const row = await tables.getFailedOrder(orderId);
    if (row === undefined) {
      const message = `${orderId} is not in ${target.names.failedOrdersTable}`;
      throw new OperationError('not-found', message, `dofs order get ${orderId} tells how it is`);
    }
    const order = await tables.getOrder(orderId);
    if (terminal.json) {
      printJson(terminal, { failed_order: row, order: order ?? null });
      return EXIT.ok;
    }
    const { order: _copy, ...fields } = row;
    print(terminal, paint(terminal, 'bold', 'Failure'));
    print(terminal, describeFields(terminal, fields, '  '));
    print(terminal, paint(terminal, 'bold', 'Order as it is now'));
    print(
      terminal,
      order === undefined
        ? '  none: the message names no stored order'
        : describeFields(terminal, order, '  '),
    );
  } finally {
    tables.close();
  }
  return EXIT.ok;
};

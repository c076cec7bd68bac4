import { parseQueueMessage } from '@dofs/orders/queue-message';
import { openQueues, type PeekedMessage } from '@dofs/operations/queues';
import type { CommandAction } from '../command-context.ts';
import { EXIT } from '../exit-status.ts';
import { table } from '../table.ts';
import { print, printJson, remark } from '../terminal.ts';

export const queuePeek: CommandAction<{ readonly limit: number }> = async (context, _args, { limit }) => {
  const { terminal } = context;
  const target = await context.target();
  const queues = openQueues(target);
  try {
    const messages = await queues.peekDeadLetters(limit);
    if (terminal.json) {
      printJson(terminal, messages);
    } else if (messages.length === 0) {
      remark(terminal, `${target.names.orderDlq} is empty`);
    } else {
      print(terminal, table(['sent', 'received', 'message id', 'what'], messages.map(row)));
    }
  } finally {
    queues.close();
  }
  return EXIT.ok;
};

function row(message: PeekedMessage): readonly (string | number)[] {
  const parsed = parseQueueMessage(message.body);
  const what = parsed.valid
    ? `order ${parsed.message.order_id}, attempt ${parsed.message.attempt}`
    : `${parsed.reason}: ${message.body.slice(0, 60)}`;
  return [message.sentAt, message.receiveCount, message.messageId, what];
}

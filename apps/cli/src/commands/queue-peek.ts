import { parseQueueMessage } from '@dofs/orders/queue-message';
import { messagesIn, openQueues, type DeadLetters, type PeekedMessage } from '@dofs/operations/queues';
import type { CommandAction } from '../command-context.ts';
import { EXIT } from '../exit-status.ts';
import { table } from '../table.ts';
import { print, printJson, remark } from '../terminal.ts';

export const queuePeek: CommandAction<{ readonly limit: number }> = async (context, _args, { limit }) => {
  const { terminal } = context;
  const target = await context.target();
  const queues = openQueues(target);
  try {
    const found = await queues.peekDeadLetters(limit);
    if (terminal.json) {
      printJson(terminal, { ...found.depth, messages: found.messages });
      return EXIT.ok;
    }
    if (found.messages.length > 0) {
      print(terminal, table(['sent', 'received', 'message id', 'what'], found.messages.map(row)));
    }
    remark(terminal, summaryOf(found, limit));
  } finally {
    queues.close();
  }
  return EXIT.ok;
};

/** How many there are, and why not all of them are shown. "Empty" only where there is no message in any state. */
export function summaryOf({ depth, messages }: DeadLetters, limit: number): string {
  const total = Math.max(messagesIn(depth), messages.length);
  if (total === 0) {
    return `${depth.queue} is empty`;
  }
  const count = `${depth.queue}: ${messages.length} of ${total}`;
  if (messages.length === total) {
    return count;
  }
  if (messages.length === limit) {
    return `${count} (--limit shows more)`;
  }
  const hidden = `${depth.visible} visible, ${depth.inFlight} in flight: a consumer holds them`;
  return `${count}; ${hidden}. What it could record is in dofs failed list, why it could not is in the log of dlq-handler`;
}

function row(message: PeekedMessage): readonly (string | number)[] {
  const parsed = parseQueueMessage(message.body);
  const what = parsed.valid
    ? `order ${parsed.message.order_id}, attempt ${parsed.message.attempt}`
    : `${parsed.reason}: ${message.body.slice(0, 60)}`;
  return [message.sentAt, message.receiveCount, message.messageId, what];
}

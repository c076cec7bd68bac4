/**
 * Ways of breaking the code that lose, double or strand orders. Each of them must turn the tests red: a test
 * suite that stays green with one of these in place proves nothing.
 */
export interface Mutation {
  readonly name: string;
  /** From the repository's root. */
  readonly file: string;
  /** Text that stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
  /** Packages whose tests must notice. */
  readonly noticedBy: readonly string[];
}

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'fulfill-order swallows an error',
    file: 'apps/fulfill-order/src/handler.ts',
    from: 'results.push(await handleRecord(ports, record));',
    to: 'await handleRecord(ports, record).then((result) => results.push(result), () => undefined);',
    noticedBy: ['apps/fulfill-order'],
  },
  {
    name: 'an update of an order drops its condition',
    file: 'libs/order-tables/src/update-expression.ts',
    from: "ConditionExpression: absent === '' ? equal : `${absent}(${equal})`,",
    to: 'ConditionExpression: `(${absent}(${equal})) OR attribute_exists(order_id) OR attribute_not_exists(order_id)`,',
    noticedBy: ['libs/order-tables'],
  },
  {
    name: 'a message is deleted before its effect is stored',
    file: 'apps/fulfill-order/src/handler.ts',
    from: 'results.push(await handleRecord(ports, record));',
    to: 'handleRecord(ports, record).then((result) => results.push(result), () => undefined);',
    noticedBy: ['apps/fulfill-order'],
  },
  {
    name: 'batchItemFailures are ignored',
    file: 'libs/lambda-kit/src/sqs-batch.ts',
    from: '.filter((messageId) => messageId !== undefined)',
    to: '.filter(() => false)',
    noticedBy: ['libs/lambda-kit', 'apps/fulfill-order', 'apps/dlq-handler'],
  },
  {
    name: 'dlq-handler acknowledges a message that it failed to record',
    file: 'apps/dlq-handler/src/handler.ts',
    from: 'const result = await deadLetter(ports, { messageId: record.messageId, body: record.body });',
    to: "const result = await deadLetter(ports, { messageId: record.messageId, body: record.body }).catch(() => 'kept' as const);",
    noticedBy: ['apps/dlq-handler'],
  },
  {
    name: 'the warehouse is asked anew by each attempt',
    file: 'apps/fulfill-order/src/fulfill.ts',
    from: 'message.fulfillment_request ?? 1',
    to: 'message.attempt',
    noticedBy: ['apps/fulfill-order'],
  },
  {
    name: 'fulfill-order asks the warehouse without a look at an order that may be over',
    file: 'apps/fulfill-order/src/fulfill.ts',
    from: 'count === 1 && message.attempt === 1 && age',
    to: 'count >= 1 || age',
    noticedBy: ['apps/fulfill-order'],
  },
  {
    name: 'the sweep gives an order up whose message may wait in the queue',
    file: 'apps/stuck-order-sweep/src/stuck-orders.ts',
    from: 'inQueue === 0 ? giveUp(run, order) : requeueInTime(run, order, further)',
    to: 'giveUp(run, order)',
    noticedBy: ['apps/stuck-order-sweep'],
  },
];

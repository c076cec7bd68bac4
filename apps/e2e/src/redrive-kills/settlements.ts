import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { clientSettings } from '../aws-clients.ts';
import type { RedrivenState } from './audit.ts';

/** What fulfill-order logs when its delivery is the one that ends an order. A duplicate logs something else. */
const ENDED = ['order fulfilled', 'order refused by fulfilment'];

/** Every attempt that ended an order, as the function's log has it. */
export async function readSettlements(
  endpoint: string,
  prefix: string,
  orderIds: readonly string[],
): Promise<RedrivenState['settlements']> {
  const client = new CloudWatchLogsClient(clientSettings(endpoint));
  const known = new Set(orderIds);
  const settlements: { orderId: string; attempt: number }[] = [];
  const request = { logGroupName: `/aws/lambda/${prefix}-fulfill-order`, filterPattern: '"attempt"' };
  for await (const { events = [] } of paginateFilterLogEvents({ client }, request)) {
    for (const { message = '' } of events) {
      const line = JSON.parse(message) as { message: string; order_id: string; attempt: number };
      if (ENDED.includes(line.message) && known.has(line.order_id)) {
        settlements.push({ orderId: line.order_id, attempt: line.attempt });
      }
    }
  }
  client.destroy();
  return settlements;
}

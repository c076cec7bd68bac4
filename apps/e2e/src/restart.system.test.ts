import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { awsView } from './aws-clients.ts';
import { eventually } from './eventually.ts';
import { startLocalSystem, type LocalSystem } from './local-system.ts';
import { acceptedOrder, getOrder, settledOrder } from './orders-api.ts';
import { target } from './target.ts';

describe('a local system that is killed', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'dofs-restart-'));
  let system: LocalSystem | undefined;
  afterEach(async () => {
    await system?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('finishes every order that it had accepted', async () => {
    // Prepare
    const args = ['--data-dir', dataDir];
    // Messages in flight come back after the visibility timeout: the shortest that the rules allow.
    const environment = { DOFS_FULFILLMENT_TIMEOUT_SECONDS: '1', DOFS_VISIBILITY_TIMEOUT_SECONDS: '6' };
    const first = await startLocalSystem({ args, environment });
    const accepted: string[] = [];
    const sending = Promise.allSettled(
      Array.from({ length: 200 }, async (_, n) => {
        const id = await acceptedOrder(first.apiUrl, {
          customer_id: `cust-${n}`,
          items: [{ product_id: 'prod-widget-001', quantity: 1 }],
        });
        accepted.push(id);
      }),
    );
    await eventually(
      () => Promise.resolve(accepted.length),
      (count) => count >= 100,
    );

    // Act
    await first.kill();
    await sending;
    const second = await startLocalSystem({ args, environment });
    system = second;
    const known = await Promise.all(accepted.map((id) => getOrder(second.apiUrl, id)));
    const settled = await Promise.all(accepted.map((id) => settledOrder(second.apiUrl, id, 60_000)));

    // Assess
    if (!target.isExpress) {
      expect(known.map(({ status }) => status)).not.toContain(404);
    }
    const view = awsView(second.awsEndpoint, 'dofs-dev');
    await eventually(
      () => view.messagesLeft(),
      (left) => left === 0,
      60_000,
    );
    const failed = new Set((await view.failedOrders()).map((row) => row['order_id']?.S));
    for (const { body } of settled) {
      expect(failed.has(String(body['order_id']))).toBe(body['status'] === 'FAILED');
    }
    view.close();
  }, 180_000);
});

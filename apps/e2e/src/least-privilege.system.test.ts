import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { clientSettings } from './aws-clients.ts';
import { eventually } from './eventually.ts';
import { startLocalSystem, type LocalSystem } from './local-system.ts';
import { acceptedOrder } from './orders-api.ts';

describe('the policies in the Terraform', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'dofs-policies-'));
  const stackDir = join(dataDir, 'changed-stack');
  let system: LocalSystem | undefined;
  afterAll(async () => {
    await system?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('refuse fulfill-order the update of an order, once its role lacks dynamodb:UpdateItem', async () => {
    // Prepare
    const original = await startLocalSystem({ args: ['--data-dir', dataDir] });
    await original.stop();
    cpSync(join(dataDir, 'cdktf.out/stacks/dofs-dev'), stackDir, { recursive: true });
    takeAway(join(stackDir, 'cdk.tf.json'), 'fulfill-order', 'dynamodb:UpdateItem');
    const changed = await startLocalSystem({ args: ['--stack-dir', stackDir, '--ephemeral'] });
    system = changed;

    // Act
    await acceptedOrder(changed.apiUrl);
    const lines = await eventually(
      () => logLines(changed.awsEndpoint, '/aws/lambda/dofs-dev-fulfill-order', 'AccessDeniedException'),
      (found) => found.length > 0,
    );

    // Assess
    expect(lines[0]).toContain('is not authorized to perform: dynamodb:UpdateItem');
  }, 90_000);
});

/** Takes an action out of the policies of the function's role. */
function takeAway(terraformFile: string, functionName: string, action: string): void {
  const terraform = JSON.parse(readFileSync(terraformFile, 'utf8')) as {
    resource: { aws_iam_role_policy: Record<string, { policy: string; role: string }> };
  };
  let taken = 0;
  for (const policy of Object.values(terraform.resource.aws_iam_role_policy)) {
    if (policy.role === `\${aws_iam_role.${functionName.replaceAll('-', '_')}_role.name}`) {
      const without = policy.policy.replaceAll(`"${action}",`, '').replaceAll(`,"${action}"`, '');
      taken += without === policy.policy ? 0 : 1;
      policy.policy = without;
    }
  }
  expect(taken).toBe(1);
  writeFileSync(terraformFile, JSON.stringify(terraform));
}

async function logLines(endpoint: string, logGroupName: string, text: string): Promise<string[]> {
  const logs = new CloudWatchLogsClient(clientSettings(endpoint));
  const { events = [] } = await logs.send(
    new FilterLogEventsCommand({ logGroupName, filterPattern: `"${text}"` }),
  );
  logs.destroy();
  return events.flatMap(({ message }) => message ?? []);
}

import { join } from 'node:path';
import { ENVIRONMENTS } from '../../src/config/environments.ts';
import { environmentSettings } from '../../src/config/read-settings.ts';
import type { Checks } from './checks.ts';
import { startMoto, type Moto } from './moto.ts';
import { proveRoles } from './roles.ts';
import { runCommand } from './run-command.ts';

const REPOSITORY = join(import.meta.dirname, '../../../..');
const CDKTF = join(REPOSITORY, 'node_modules/.bin/cdktf');
/** Deployed and destroyed; prod is planned only, as its tables refuse to be destroyed. */
const DEPLOYED = ['dev', 'staging'] as const;

const OUTPUTS = [
  'api_gateway_url',
  'api_gateway_id',
  'api_handler_function_name',
  'orders_table_name',
  'failed_orders_table_name',
  'order_queue_url',
  'order_dlq_url',
  'state_machine_arn',
  'environment_info',
];

/** What stands for an account: nothing here reaches AWS. The names are those that the proofs look for. */
export function motoEnvironment(moto: Moto): Record<string, string> {
  return {
    DOFS_PROJECT_NAME: 'dofs',
    DOFS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: moto.endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
  };
}

/** `cdktf deploy` of dev and staging against moto, a second plan, what boto3 sees, and `cdktf destroy`. */
export async function proveDeployment(checks: Checks, workDir: string): Promise<void> {
  const moto = await startMoto();
  try {
    await proveAgainst(moto, checks, workDir);
  } finally {
    await moto.close();
  }
}

async function proveAgainst(moto: Moto, checks: Checks, workDir: string): Promise<void> {
  const output = join(workDir, 'cdktf.out');
  const env = {
    ...motoEnvironment(moto),
    DOFS_STATE_BACKEND: 'local',
    DOFS_STATE_DIR: workDir,
    DOFS_ALERT_EMAIL: 'team@example.com',
  };
  const options = { cwd: REPOSITORY, env };
  const stacks = DEPLOYED.map((environment) => `dofs-${environment}`);
  const cdktf = (command: string) =>
    runCommand(
      CDKTF,
      [command, ...stacks, '--auto-approve', '--output', output, '--parallelism', '2'],
      options,
    );

  const isDeployed = await checks.check(`cdktf deploy ${stacks.join(' ')} against moto`, async () => {
    const { output: printed } = await cdktf('deploy');
    const missing = OUTPUTS.filter((name) => !printed.includes(`${name} = `));
    if (missing.length > 0) {
      throw new Error(`outputs that were not printed: ${missing.join(', ')}`);
    }
  });
  if (!isDeployed) {
    return;
  }
  const planned = { from: moto.requests.length, to: moto.requests.length };
  for (const environment of DEPLOYED) {
    const stack = `dofs-${environment}`;
    await checks.check(`${stack}: a second plan shows no changes`, async () => {
      await runCommand('terraform', ['plan', '-input=false', '-no-color', '-detailed-exitcode'], {
        cwd: join(output, 'stacks', stack),
        env,
      });
      planned.to = moto.requests.length;
    });
    await checks.check(`${stack}: boto3 reads back every resource`, () =>
      readBack(env, environment, 'deployed'),
    );
  }
  await checks.check('dofs-prod: terraform plan', () => planProd(output, env));
  await checks.check(`cdktf destroy ${stacks.join(' ')}`, async () => {
    await cdktf('destroy');
  });
  for (const environment of DEPLOYED) {
    await checks.check(`dofs-${environment}: boto3 finds nothing left`, () =>
      readBack(env, environment, 'gone'),
    );
  }
  await proveRoles(checks, moto.requests, planned);
  await checks.check('moto answered every call', () => {
    if (moto.serverErrors.size > 0) {
      throw new Error([...moto.serverErrors].map(([call, times]) => `${call}: ${times} times`).join('\n'));
    }
  });
}

async function planProd(output: string, env: Readonly<Record<string, string>>): Promise<void> {
  const cwd = join(output, 'stacks/dofs-prod');
  await runCommand('terraform', ['init', '-input=false'], { cwd, env });
  const { output: plan } = await runCommand('terraform', ['plan', '-input=false', '-no-color'], { cwd, env });
  if (!/Plan: \d{2,} to add, 0 to change, 0 to destroy/.test(plan)) {
    throw new Error(`not the plan of a new stack:\n${plan.slice(-500)}`);
  }
}

async function readBack(
  env: Readonly<Record<string, string>>,
  environment: (typeof DEPLOYED)[number],
  state: 'deployed' | 'gone',
): Promise<void> {
  const settings = JSON.stringify(environmentSettings(ENVIRONMENTS[environment], {}));
  await runCommand('python3', ['read_back.py', `dofs-${environment}`, state, settings], {
    cwd: import.meta.dirname,
    env,
  });
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTarget } from './find-target.ts';

/** Above every process id that Linux, macOS and Windows give out. */
const NO_PROCESS = 2 ** 30;
const LOCAL_API = 'http://127.0.0.1:3000/dev';
const LOCAL_AWS = 'http://127.0.0.1:4566';
const OUTPUTS = {
  api_gateway_url: 'https://abc.execute-api.eu-west-1.amazonaws.com/dev',
  orders_table_name: 'dofs-dev-orders',
  order_dlq_url: 'https://sqs.eu-west-1.amazonaws.com/123456789012/dofs-dev-order-dlq',
  state_machine_arn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:dofs-dev-order-processing',
};

describe('finding the target', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'dofs-root-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const options = {};

  function runsIn(dataDir: string, pid = process.pid): void {
    mkdirSync(dataDir, { recursive: true });
    const endpoints = {
      pid,
      environment: 'dev',
      region: 'us-east-1',
      apiUrl: LOCAL_API,
      awsEndpoint: LOCAL_AWS,
      outputs: { environment_info: { project_name: 'dofs', environment: 'dev' } },
    };
    writeFileSync(join(dataDir, 'endpoints.json'), JSON.stringify(endpoints));
  }

  const runsHere = (pid?: number) => runsIn(join(root, '.dofs/dev'), pid);

  function deployedFromHere(): void {
    const outputs = Object.fromEntries(Object.entries(OUTPUTS).map(([name, value]) => [name, { value }]));
    writeFileSync(join(root, 'terraform.dofs-dev.tfstate'), JSON.stringify({ version: 4, outputs }));
  }

  it('is the system that runs here', async () => {
    // Prepare
    runsHere();
    deployedFromHere();

    // Act
    const target = await findTarget(options, {}, root);

    // Assess
    expect(target).toMatchObject({
      apiUrl: LOCAL_API,
      awsEndpoint: LOCAL_AWS,
      credentials: { accessKeyId: 'local' },
    });
  });

  it('is the ephemeral system that was started here', async () => {
    // Prepare
    const dataDir = join(root, 'tmp/dofs-x');
    runsIn(dataDir);
    mkdirSync(join(root, '.dofs/dev'), { recursive: true });
    writeFileSync(join(root, '.dofs/dev/ephemeral.json'), JSON.stringify({ dataDir }));

    // Act
    const target = await findTarget(options, {}, root);

    // Assess
    expect(target.apiUrl).toBe(LOCAL_API);
  });

  it.each([
    [{ env: 'prod' }, 'is dev, not prod'],
    [{ env: 'staging' }, 'is dev, not staging'],
    [{ project: 'acme' }, 'is dofs, not acme'],
  ])('is never another system than the one that is named: %j', async (named, said) => {
    // Prepare
    const dataDir = join(root, 'data');
    runsIn(dataDir);
    const file = join(root, 'outputs.json');
    const info = { project_name: 'dofs', environment: 'dev' };
    writeFileSync(file, JSON.stringify({ ...OUTPUTS, environment_info: { value: info } }));

    // Act
    const running = findTarget({ ...named, dataDir }, {}, root);
    const deployed = findTarget({ ...named, outputs: file }, {}, root);

    // Assess
    const refusal = { name: 'UsageError', message: expect.stringContaining(said) as string };
    await expect(running).rejects.toMatchObject(refusal);
    await expect(deployed).rejects.toMatchObject(refusal);
  });

  it('is called what the outputs say that it is', async () => {
    // Prepare
    const file = join(root, 'outputs.json');
    const info = { project_name: 'acme', environment: 'prod' };
    writeFileSync(file, JSON.stringify({ ...OUTPUTS, environment_info: info }));

    // Act
    const target = await findTarget({ outputs: file }, {}, root);

    // Assess
    expect(target).toMatchObject({ environment: 'prod', names: { prefix: 'acme-prod' } });
  });

  it('is not a system whose file was left half written', async () => {
    // Prepare
    mkdirSync(join(root, '.dofs/dev'), { recursive: true });
    writeFileSync(join(root, '.dofs/dev/endpoints.json'), '{"pid": 1, "api');

    // Act
    const target = findTarget(options, {}, root);

    // Assess
    await expect(target).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('is nothing else than the data directory that is named', async () => {
    // Prepare
    deployedFromHere();

    // Act
    const target = findTarget({ dataDir: join(root, 'elsewhere') }, {}, root);

    // Assess
    await expect(target).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('is not a system that was killed', async () => {
    // Prepare
    runsHere(NO_PROCESS);

    // Act
    const target = findTarget(options, {}, root);

    // Assess
    await expect(target).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('is what was deployed from here, where nothing runs', async () => {
    // Prepare
    deployedFromHere();

    // Act
    const target = await findTarget(options, {}, root);

    // Assess
    expect(target).toMatchObject({
      apiUrl: OUTPUTS.api_gateway_url,
      region: 'eu-west-1',
      names: { orderDlq: 'dofs-dev-order-dlq', stateMachineArn: OUTPUTS.state_machine_arn },
    });
    expect(target.awsEndpoint).toBeUndefined();
    expect(target.credentials).toBeUndefined();
  });

  it('is AWS with a profile, even while a system runs here, unless --local', async () => {
    // Prepare
    runsHere();
    deployedFromHere();

    // Act
    const aws = await findTarget(options, { AWS_PROFILE: 'work' }, root);
    const local = await findTarget({ ...options, local: true }, { AWS_PROFILE: 'work' }, root);

    // Assess
    expect(aws.apiUrl).toBe(OUTPUTS.api_gateway_url);
    expect(local.apiUrl).toBe(LOCAL_API);
  });

  it('says why a running system was not meant', async () => {
    // Prepare
    runsHere();

    // Act
    const target = findTarget(options, { AWS_PROFILE: 'work' }, root);

    // Assess
    await expect(target).rejects.toMatchObject({ hint: expect.stringContaining('--local') as string });
  });

  it('is the endpoint that AWS_ENDPOINT_URL names, with any credentials on this machine', async () => {
    // Prepare
    runsHere();

    // Act
    const emulator = await findTarget(options, { AWS_ENDPOINT_URL: 'http://127.0.0.1:5000' }, root);
    const same = await findTarget(options, { AWS_ENDPOINT_URL: LOCAL_AWS }, root);

    // Assess
    expect(emulator.awsEndpoint).toBe('http://127.0.0.1:5000');
    expect(emulator.apiUrl).toBeUndefined();
    expect(emulator.credentials).toMatchObject({ accessKeyId: 'local' });
    expect(emulator.region).toBe('us-east-1');
    expect(same.apiUrl).toBe(LOCAL_API);
  });

  it('never sends invented credentials to another machine', async () => {
    // Act
    const target = await findTarget(options, { AWS_ENDPOINT_URL: 'https://127.0.0.1.example.com' }, root);

    // Assess
    expect(target.credentials).toBeUndefined();
  });

  it('is the API that --api-url names, and names that follow from project and environment', async () => {
    // Act
    const named = { env: 'prod', project: 'shop', apiUrl: 'https://api.example.com/prod' };
    const target = await findTarget(named, {}, root);

    // Assess
    expect(target).toMatchObject({ apiUrl: named.apiUrl, names: { ordersTable: 'shop-prod-orders' } });
  });
});

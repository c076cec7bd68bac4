import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOFS, runDofs } from './testing/run-dofs.ts';

const ORDER_ID = '1fd383a0-edef-4555-b6fb-8f51daf742cd';

/** An AWS service or API that gives one and the same answer, whatever is asked. */
let answer: { status: number; headers: object; body: object | string } = {
  status: 200,
  headers: {},
  body: {},
};
let lastAuthorization: string | undefined;

describe('the exit status of dofs', { timeout: 30_000 }, () => {
  let server: Server;
  let url: string;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dofs-cli-'));
    server = createServer((request, response) => {
      request.resume();
      lastAuthorization = request.headers.authorization;
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  });

  const dofs = (args: readonly string[], environment: NodeJS.ProcessEnv) =>
    runDofs(args, {
      PATH: process.env['PATH'],
      HOME: folder,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...environment,
    });

  it.each([
    ['an unknown order', { status: 404, body: { error: 'Order not found' } }, 3],
    ['a wrong path', { status: 403, body: { message: 'Missing Authentication Token' } }, 3],
    ['no right to call', { status: 403, body: { message: 'Forbidden' } }, 5],
    ['throttling', { status: 429, body: { message: 'Too Many Requests' } }, 6],
    ['a refusal', { status: 400, body: { error: 'order_id is not a UUID' } }, 7],
    ['a failure of the service', { status: 500, body: { error: 'Failed to process order' } }, 9],
    ['something that is no order', { status: 200, body: { hello: 'world' } }, 9],
  ])('tells %s of the API', async (_case, said, expected) => {
    // Prepare
    answer = { headers: {}, ...said };

    // Act
    const { status, stderr } = await dofs(['order', 'get', ORDER_ID], { DOFS_API_URL: url });

    // Assess
    expect(status).toBe(expected);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it.each([
    ['ExpiredTokenException', 5, 'log in again'],
    ['AccessDeniedException', 5, 'policies'],
    ['UnrecognizedClientException', 5, 'AWS_PROFILE'],
    ['ResourceNotFoundException', 3, '--env'],
    ['ThrottlingException', 6, 'wait'],
  ])('tells %s of AWS', async (type, expected, hint) => {
    // Prepare
    answer = {
      status: 400,
      headers: { 'x-amzn-errortype': type },
      body: { __type: type, message: 'as AWS says' },
    };

    // Act
    const { status, stderr } = await dofs(['order', 'get', ORDER_ID, '--stored'], {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'us-east-1',
    });

    // Assess
    expect(stderr).toContain(hint);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(status).toBe(expected);
  });

  it('tells that nothing answers', async () => {
    // Act
    const api = await dofs(['order', 'get', ORDER_ID], { DOFS_API_URL: 'http://127.0.0.1:1/dev' });
    const aws = await dofs(['status'], { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_REGION: 'us-east-1' });

    // Assess
    expect(api).toMatchObject({ status: 4, stderr: expect.stringContaining('npm start') as string });
    expect(aws).toMatchObject({ status: 4, stderr: expect.stringContaining('npm start') as string });
  });

  it('tells that something else than AWS answers', async () => {
    // Prepare
    answer = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>hello</html>' };

    // Act
    const status = await dofs(['status', '--json'], { AWS_ENDPOINT_URL: url });
    const cost = await dofs(['cost'], { AWS_ENDPOINT_URL: url });

    // Assess
    for (const { stderr } of [status, cost]) {
      expect(stderr).toContain('does not speak AWS');
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
    expect([status.status, cost.status]).toEqual([4, 4]);
  });

  it('tells that there is no such environment where neither tables nor queues are', async () => {
    // Prepare
    answer = {
      status: 400,
      headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
      body: { __type: 'ResourceNotFoundException', message: 'no such table' },
    };

    // Act
    const { status, stderr } = await dofs(['status', '--json'], { AWS_ENDPOINT_URL: url });

    // Assess
    expect(status).toBe(3);
    expect(stderr).toContain('--env');
  });

  it('tells that there are no credentials', async () => {
    // Act
    const { status, stderr } = await dofs(['status', '--api-url', url], { AWS_REGION: 'us-east-1' });

    // Assess
    expect(stderr).toContain('AWS_PROFILE');
    expect(status).toBe(5);
  });

  it('tells that there is no such stack, and what to do', async () => {
    // Act
    const { status, stderr } = await dofs(['status', '--env', 'nowhere'], {});

    // Assess
    expect(status).toBe(3);
    expect(stderr).toContain('npm start -- --env nowhere');
  });

  it('finds the target in an outputs file', async () => {
    // Prepare
    const file = join(folder, 'outputs.json');
    writeFileSync(file, JSON.stringify({ 'dofs-dev': { api_gateway_url: `${url}/dev` } }));
    answer = { status: 200, headers: {}, body: { order_id: ORDER_ID, status: 'PROCESSING' } };

    // Act
    const { status, stdout } = await dofs(['order', 'get', ORDER_ID, '--outputs', file, '--json'], {});

    // Assess
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ order_id: ORDER_ID, status: 'PROCESSING' });
  });

  it('signs requests where that is asked for', async () => {
    // Prepare
    answer = { status: 200, headers: {}, body: { order_id: ORDER_ID, status: 'PROCESSING' } };
    const keys = {
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'eu-west-1',
    };

    // Act
    const { status } = await dofs(['order', 'get', ORDER_ID, '--sign'], { DOFS_API_URL: url, ...keys });
    const withoutKeys = await dofs(['order', 'get', ORDER_ID, '--sign', '--region', 'eu-west-1'], {
      DOFS_API_URL: url,
    });

    // Assess
    expect(status).toBe(0);
    expect(lastAuthorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/execute-api\//,
    );
    expect(withoutKeys.status).toBe(5);
  });

  it.each([
    [['order', 'submit']],
    [['test', 'stress', '--report', 'report.pdf']],
    [['test', 'stress', '--report', '/nonexistent/report.html']],
    [['failed', 'redrive']],
  ])('is 2 for wrong usage: %j', async (args) => {
    // Act
    const { status, stderr } = await dofs(args, { DOFS_API_URL: url });

    // Assess
    expect(status).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('    at ');
  });

  it('gives errors as JSON where that was asked for', async () => {
    // Prepare
    answer = { status: 404, headers: {}, body: { error: 'Order not found' } };

    // Act
    const { stderr } = await dofs(['order', 'get', ORDER_ID, '--json'], { DOFS_API_URL: url });

    // Assess
    expect(JSON.parse(stderr)).toMatchObject({ error: { kind: 'not-found' } });
  });

  it.skipIf(!existsSync('/dev/full'))('tells that its output can not be written', () => {
    // Act
    const full = spawnSync(process.execPath, [DOFS, '--help'], {
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
      encoding: 'utf8',
    });

    // Assess
    expect(full.stderr.trim().split('\n')).toEqual([expect.stringContaining('ENOSPC')]);
    expect(full.status).toBe(74);
  });

  it('is that of a broken pipe where the reader went away, not that of success', () => {
    // Act
    const pipe = '"$0" "$1" --help | true';
    const { status } = spawnSync('bash', ['-o', 'pipefail', '-c', pipe, process.execPath, DOFS]);

    // Assess
    expect(status).toBe(141);
  });

  it('is 2 without a command, and the help says what there is', async () => {
    // Act
    const { status, stdout, stderr } = await dofs([], {});

    // Assess
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('Usage: dofs');
  });

  it('is 0 for help, without colours where there is no terminal', async () => {
    // Act
    const { status, stdout } = await dofs(['--help'], {});

    // Assess
    expect(status).toBe(0);
    expect(stdout).toContain('Exit status');
    expect(stdout).not.toContain('\u001b[');
  });
});

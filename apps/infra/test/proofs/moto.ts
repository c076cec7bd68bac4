import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** An AWS API that isn't ours, on this machine. */
export interface Moto {
  readonly endpoint: string;
  /** Calls that moto answered with a server error, `Service.Operation` -> how many. */
  readonly serverErrors: ReadonlyMap<string, number>;
  /** Calls of Terraform, as IAM names them: `sqs:CreateQueue`. Those of REST protocols have no names and are left out. */
  readonly actions: ReadonlySet<string>;
  close(): Promise<void>;
}

/**
 * Calls that the Terraform provider makes and that moto 5.2 answers with 500, upon which the provider would try
 * again for many minutes. The proxy answers them as AWS would.
 */
const ANSWERED_HERE: Readonly<Record<string, unknown>> = {
  'AWSStepFunctions.ValidateStateMachineDefinition': { result: 'OK', diagnostics: [] },
  'AWSStepFunctions.ListStateMachineVersions': { stateMachineVersions: [] },
};

/** Starts moto_server on a free port, behind a proxy for what it can't answer. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  await answering(port, child.exitCode);
  const serverErrors = new Map<string, number>();
  const actions = new Set<string>();
  const proxy = createServer((incoming, outgoing) => {
    noteAction(incoming, actions);
    forward(port, incoming, outgoing, serverErrors);
  });
  await listening(proxy);
  const { port: proxyPort } = proxy.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${proxyPort}`,
    serverErrors,
    actions,
    close: async () => {
      proxy.closeAllConnections();
      proxy.close();
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Services whose name in a signature is not the one in policies. */
const POLICY_NAMES: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

/** The signature names the service; the operation is in a header (JSON) or in the body (query protocol). */
function noteAction(incoming: IncomingMessage, actions: Set<string>): void {
  const [, signed] =
    /Credential=[^/]+\/\d+\/[^/]*\/([a-z0-9-]+)\//.exec(incoming.headers.authorization ?? '') ?? [];
  if (signed === undefined || incoming.headers['user-agent']?.includes('Terraform') !== true) {
    return;
  }
  const service = POLICY_NAMES[signed] ?? signed;
  const target = incoming.headers['x-amz-target'];
  if (typeof target === 'string') {
    actions.add(`${service}:${target.split('.').at(-1)}`);
    return;
  }
  if (incoming.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true) {
    incoming.once('data', (chunk: Buffer) => {
      const [, operation] = /(?:^|&)Action=(\w+)/.exec(chunk.toString('utf8')) ?? [];
      actions.add(`${service}:${operation}`);
    });
  }
}

function forward(
  port: number,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  serverErrors: Map<string, number>,
): void {
  const target = String(incoming.headers['x-amz-target'] ?? `${incoming.method} ${incoming.url}`);
  if (Object.hasOwn(ANSWERED_HERE, target)) {
    incoming.resume();
    outgoing.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    outgoing.end(JSON.stringify(ANSWERED_HERE[target]));
    return;
  }
  const { method, url: path, headers } = incoming;
  const upstream = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
    const status = answer.statusCode ?? 502;
    if (status >= 500) {
      serverErrors.set(target, (serverErrors.get(target) ?? 0) + 1);
    }
    if (target === 'AmazonSQS.GetQueueAttributes' && status === 200) {
      void respondCompacted(answer, outgoing);
      return;
    }
    outgoing.writeHead(status, answer.headers);
    answer.pipe(outgoing);
  });
  upstream.on('error', (error) => {
    outgoing.writeHead(502);
    outgoing.end(error.message);
  });
  incoming.pipe(upstream);
}

/** moto writes a redrive policy with blanks in it, where SQS writes none: Terraform would see a change. */
async function respondCompacted(answer: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = JSON.parse(await text(answer)) as { Attributes?: Record<string, string> };
  const policy = body.Attributes?.['RedrivePolicy'];
  if (body.Attributes !== undefined && policy !== undefined) {
    body.Attributes['RedrivePolicy'] = JSON.stringify(JSON.parse(policy));
  }
  outgoing.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
  outgoing.end(JSON.stringify(body));
}

async function freePort(): Promise<number> {
  const probe = createTcpServer();
  await listening(probe);
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

async function listening(server: TcpServer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}

const START_LIMIT_MS = 30_000;
const POLL_MS = 100;

async function answering(port: number, exitCode: number | null): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    try {
      await fetch(`http://127.0.0.1:${port}/moto-api/data.json`);
      return;
    } catch (error) {
      if (exitCode !== null || Date.now() > deadline) {
        throw new Error(`moto_server does not answer on port ${port}`, { cause: error });
      }
      await sleep(POLL_MS);
    }
  }
}

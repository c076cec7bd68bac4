import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedRequest } from './recorded-call.ts';

/** An AWS API that isn't ours, on this machine. */
export interface Moto {
  readonly endpoint: string;
  /** Calls that moto answered with a server error, `Service.Operation` -> how many. */
  readonly serverErrors: ReadonlyMap<string, number>;
  /** What Terraform asked for so far, in order. */
  readonly requests: readonly RecordedRequest[];
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

/** Starts moto_server on a free port, behind a proxy that records, and answers what it can't. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  await answering(port, child.exitCode);
  const serverErrors = new Map<string, number>();
  const requests: RecordedRequest[] = [];
  const proxy = createServer((incoming, outgoing) => {
    record(incoming, requests, forward(port, incoming, outgoing, serverErrors));
  });
  await listening(proxy);
  const { port: proxyPort } = proxy.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${proxyPort}`,
    serverErrors,
    requests,
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

/** Keeps what Terraform asks for, with the answer: the signature names the service. */
function record(incoming: IncomingMessage, requests: RecordedRequest[], response: Promise<string>): void {
  const { headers, method = '', url = '' } = incoming;
  const [, signed] = /Credential=[^/]+\/\d+\/[^/]*\/([a-z0-9-]+)\//.exec(headers.authorization ?? '') ?? [];
  if (signed === undefined || headers['user-agent']?.includes('Terraform') !== true) {
    return;
  }
  const target = headers['x-amz-target'];
  const [path = ''] = url.split('?');
  void Promise.all([textOf(incoming), response]).then(([body, answer]) => {
    requests.push({
      service: POLICY_NAMES[signed] ?? signed,
      method,
      path,
      ...(typeof target === 'string' ? { target } : {}),
      body,
      response: answer,
    });
  });
}

/** What a stream carries, beside whoever else reads it. */
function textOf(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    stream.once('close', () => {
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
}

function forward(
  port: number,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  serverErrors: Map<string, number>,
): Promise<string> {
  const target = String(incoming.headers['x-amz-target'] ?? `${incoming.method} ${incoming.url}`);
  if (Object.hasOwn(ANSWERED_HERE, target)) {
    incoming.resume();
    outgoing.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    outgoing.end(JSON.stringify(ANSWERED_HERE[target]));
    return Promise.resolve('');
  }
  const { promise: response, resolve } = Promise.withResolvers<string>();
  const { method, url: path, headers } = incoming;
  const upstream = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
    const status = answer.statusCode ?? 502;
    resolve(textOf(answer));
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
    resolve('');
  });
  incoming.pipe(upstream);
  return response;
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

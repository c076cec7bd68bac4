import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { httpClient } from './http-client.ts';
import { inLanes } from './lanes.ts';
import { orderBody } from './send-orders.ts';

/** What this machine can do at most in the same minute, by the same means. */
export interface Ceiling {
  /** Requests a second of the load client against a server that does nothing. */
  readonly plainPerSecond: number;
  /** Calls a second of an AWS SDK client against it: an order needs three of them. */
  readonly sdkPerSecond: number;
}

/** A server in a process of its own that answers everything with one constant. */
export interface NullServer {
  measure(requests: number, clients: number): Promise<Ceiling>;
  stop(): void;
}

/** Until the server, and the clients in this process, are compiled: the system that it is compared with is warm too. */
const WARM_UP = { requests: 2_000, clients: 10 };
/** Fewer would be over in some milliseconds, and say little. */
const LEAST_REQUESTS = 500;

/** Starts the server and warms it; measure its ceiling next to each run. */
export async function startNullServer(): Promise<NullServer> {
  const child = fork(new URL('null-server-process.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  try {
    const [url] = (await once(child, 'message')) as [string];
    await ceiling(url, WARM_UP.requests, WARM_UP.clients);
    return {
      measure: (requests, clients) => ceiling(url, Math.max(requests, LEAST_REQUESTS), clients),
      stop: () => void child.kill(),
    };
  } catch (error) {
    child.kill();
    throw error;
  }
}

async function ceiling(url: string, requests: number, clients: number): Promise<Ceiling> {
  return {
    plainPerSecond: await plain(url, requests, clients),
    sdkPerSecond: await sdk(url, requests, clients),
  };
}

async function plain(url: string, requests: number, clients: number): Promise<number> {
  const client = httpClient(clients);
  const rate = await perSecond(requests, clients, async (n) => {
    await client.send('POST', url, orderBody(n));
  });
  client.close();
  return rate;
}

async function sdk(endpoint: string, calls: number, clients: number): Promise<number> {
  const client = new SFNClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  const rate = await perSecond(calls, clients, async (n) => {
    await client.send(
      new StartExecutionCommand({ stateMachineArn: 'arn', name: `n${n}`, input: orderBody(n) }),
    );
  });
  client.destroy();
  return rate;
}

async function perSecond(
  count: number,
  clients: number,
  work: (n: number) => Promise<void>,
): Promise<number> {
  const begun = performance.now();
  await inLanes(count, clients, work);
  return (count * 1000) / (performance.now() - begun);
}

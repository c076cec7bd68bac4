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

/** Measures the ceiling: a server in a process of its own that answers everything with one constant. */
export async function measureCeiling(requests: number, clients: number): Promise<Ceiling> {
  const child = fork(new URL('null-server-process.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  try {
    const [url] = (await once(child, 'message')) as [string];
    return {
      plainPerSecond: await plain(url, requests, clients),
      sdkPerSecond: await sdk(url, requests, clients),
    };
  } finally {
    child.kill();
  }
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

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { readMeter } from './read-meter.ts';

describe('reading a meter', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
  });

  /** An endpoint that answers everything so, and tells what it was asked. */
  async function endpoint(status: number, answer: unknown): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = [];
    server = createServer((request, response) => {
      void text(request).then((body) => {
        asked.push(`${request.method} ${request.url} ${body}`.trim());
        response.writeHead(status).end(JSON.stringify(answer));
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server?.once('listening', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
  }

  it('asks for all orders, or for those named', async () => {
    // Prepare
    const reading = { since: '2026-01-01T00:00:00.000Z', run: [], subjects: {} };
    const { url, asked } = await endpoint(200, reading);

    // Act
    const all = await readMeter(url, 'all');
    await readMeter(url, ['a', 'b']);

    // Assess
    expect(all).toEqual(reading);
    expect(asked).toEqual(['GET /_meter?subjects=all', 'POST /_meter {"subjects":["a","b"]}']);
  });

  it.each([
    ['says no', 404, {}],
    ['answers with something else', 200, { hello: 1 }],
  ])('knows an endpoint without a meter: one that %s', async (_, status, answer) => {
    // Prepare
    const { url } = await endpoint(status, answer);

    // Assess
    await expect(readMeter(url, 'all')).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('says that nothing answers', async () => {
    // Prepare
    const { url } = await endpoint(200, {});
    await new Promise((resolve) => server?.close(resolve));

    // Assess
    await expect(readMeter(url, 'all')).rejects.toMatchObject({ kind: 'unreachable' });
  });
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runSmokeCases } from './smoke-checks.ts';
import { resourceNames } from './target.ts';

describe('the smoke cases', () => {
  it('end with what is known when they are stopped', async () => {
    // Prepare: an API that answers once
    const stop = new AbortController();
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      if (requests > 1) {
        stop.abort();
      } else {
        response.writeHead(400).end('{"message":"Invalid request body"}');
      }
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const target = { environment: 'dev', origin: 'test', apiUrl, names: resourceNames('dofs', 'dev') };

    // Act
    const checks = [];
    for await (const check of runSmokeCases(target, stop.signal)) {
      checks.push(check);
    }
    server.closeAllConnections();
    server.close();

    // Assess
    expect(checks).toMatchObject([{ name: 'malformed JSON', passed: true }]);
  });
});

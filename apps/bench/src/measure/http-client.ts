import { Agent, request } from 'node:http';

export interface HttpClient {
  /** @throws what the connection throws */
  send(
    method: string,
    url: string,
    body?: string,
  ): Promise<{ readonly status: number; readonly text: string }>;
  close(): void;
}

/** A client that keeps its connections, with as little of its own work as can be: it shares the processor. */
export function httpClient(connections: number): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    send: (method, url, body) =>
      new Promise((resolve, reject) => {
        const headers =
          body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
        const outgoing = request(url, { method, agent, headers }, (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
          response.on('error', reject);
        });
        outgoing.on('error', reject);
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
}

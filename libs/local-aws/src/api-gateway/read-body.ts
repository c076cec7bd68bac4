import type { IncomingMessage } from 'node:http';

/** Longest request body, in bytes (API Gateway quotas for REST APIs: 10 MB). */
const LONGEST_BODY_BYTES = 10_485_760;

export interface RequestBody {
  readonly text: string;
  readonly isTooLarge: boolean;
}

/**
 * Reads a request's body. One that is too large is read to its end and thrown away, so that the client, which
 * only listens when it has sent all, sees the answer.
 * @returns undefined where the client has gone
 */
export function readBody(message: IncomingMessage): Promise<RequestBody | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= LONGEST_BODY_BYTES) {
        chunks.push(chunk);
      } else {
        chunks.length = 0;
      }
    });
    message.on('end', () =>
      resolve({ text: Buffer.concat(chunks).toString('utf8'), isTooLarge: bytes > LONGEST_BODY_BYTES }),
    );
    message.on('error', () => resolve(undefined));
    message.on('close', () => resolve(undefined));
  });
}

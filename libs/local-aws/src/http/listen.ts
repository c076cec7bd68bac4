import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A port that the stack wants is somebody else's. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  readonly port: number;
  constructor(purpose: string, port: number) {
    super(`${purpose}: port ${port} on 127.0.0.1 is in use; choose another one, or 0 for a free one`);
    this.port = port;
  }
}

/** A port below 1024, which this user may not take. */
export class PortForbiddenError extends Error {
  override readonly name = 'PortForbiddenError';
  constructor(purpose: string, port: number) {
    super(`${purpose}: port ${port} may not be taken by this user; choose one above 1023`);
  }
}

/**
 * Listens on 127.0.0.1 alone: these endpoints let everybody in.
 * @param port 0 takes a free one
 * @param purpose names the setting in the error, such as `--aws-port`
 * @returns `http://127.0.0.1:<port>`
 * @throws PortTakenError, PortForbiddenError
 */
export function listenLocally(server: Server, port: number, purpose: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      switch (error.code) {
        case 'EADDRINUSE':
          reject(new PortTakenError(purpose, port));
          break;
        case 'EACCES':
          reject(new PortForbiddenError(purpose, port));
          break;
        default:
          reject(error);
      }
    };
    server.once('error', onError);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', onError);
      const { port: taken } = server.address() as AddressInfo;
      resolve(`http://127.0.0.1:${taken}`);
    });
  });
}

/**
 * Takes no more requests, lets those under way finish, and ends what is left after the grace period.
 * @param graceMs milliseconds
 */
export function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}

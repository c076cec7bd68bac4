import { randomUUID } from 'node:crypto';
import { createApiServer } from '../api-gateway/api-server.ts';
import { closeServer, listenLocally } from '../http/listen.ts';
import type { ApiDescription, StackDescription } from '../stack-description.ts';
import type { StackParts } from '../stack-parts.ts';
import { countRequest } from './count-request.ts';
import type { StackOptions } from './stack-options.ts';
import type { Wiring } from './wiring.ts';

/** How long requests may take to end when the system stops, in milliseconds. */
const API_GRACE_MS = 2000;

/** @returns the URL at which the API listens, without its stage */
export async function startApi(
  { accountId, region, functionPermissions: permissions }: StackDescription,
  api: ApiDescription,
  { apiPort }: StackOptions,
  { functions, clock, logs, report, meter }: Wiring,
  parts: StackParts,
): Promise<string> {
  const server = createApiServer({
    api,
    accountId,
    region,
    permissions,
    functions,
    clock,
    // Not by way of the meter: it is told of the access log with the request, as it takes that to tell whose it is.
    logs,
    randomUuid: randomUUID,
    onError: (error) => report('api', error),
    ...(meter === undefined
      ? {}
      : { onAnswered: (handled, accessLog) => countRequest(meter, api.name, { ...handled, accessLog }) }),
  });
  const origin = await listenLocally(server, apiPort, '--api-port');
  parts.started('api', () => closeServer(server, API_GRACE_MS));
  return origin;
}

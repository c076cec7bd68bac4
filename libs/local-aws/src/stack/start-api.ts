import { randomUUID } from 'node:crypto';
import { createApiServer } from '../api-gateway/api-server.ts';
import type { Handled } from '../api-gateway/handle-request.ts';
import { closeServer, listenLocally } from '../http/listen.ts';
import type { Meter } from '../meter/meter.ts';
import type { ApiDescription, StackDescription } from '../stack-description.ts';
import type { StackParts } from '../stack-parts.ts';
import type { StackOptions } from './stack-options.ts';
import type { Wiring } from './wiring.ts';

/** How long requests may take to end when the system stops, in milliseconds. */
const API_GRACE_MS = 2000;

/** @returns the URL at which the API listens, without its stage */
export async function startApi(
  { accountId, region, functionPermissions: permissions }: StackDescription,
  api: ApiDescription,
  { apiPort }: StackOptions,
  { functions, clock, sink, report, meter }: Wiring,
  parts: StackParts,
): Promise<string> {
  const server = createApiServer({
    api,
    accountId,
    region,
    permissions,
    functions,
    clock,
    logs: sink,
    randomUuid: randomUUID,
    onError: (error) => report('api', error),
    ...(meter === undefined ? {} : { onAnswered: (handled) => countRequest(meter, api, handled) }),
  });
  const origin = await listenLocally(server, apiPort, '--api-port');
  parts.started('api', () => closeServer(server, API_GRACE_MS));
  return origin;
}

/** Every request is billed, refused ones too; whose it is shows in its path or in its answer. */
function countRequest(meter: Meter, api: ApiDescription, { answer, facts }: Handled): void {
  const { request, route } = facts;
  const name = route === undefined ? 'unknown' : `${request.httpMethod} ${route.method.resourcePath}`;
  meter.apiRequest(api.name, name, answer.body, request.path);
}

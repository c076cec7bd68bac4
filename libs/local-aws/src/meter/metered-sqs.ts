import type { Dispatch, JsonObject, ServiceCall } from '../service-call.ts';
import { recent } from './recent.ts';
import type { FindSubjects } from './subjects.ts';
import type { Amounts, Usage } from './usage.ts';

/** Bytes of payload in one billed request (AWS: "Amazon SQS pricing"). */
const CHUNK_BYTES = 64 * 1024;
/** Received messages remembered until they are deleted, to know whose message a receipt handle is. */
const REMEMBERED_RECEIPTS = 10_000;

interface Message {
  readonly Body: string;
  readonly ReceiptHandle: string;
}

/** Meters SQS calls: every call is a request, and one more for each further 64 KB that it carries. */
export function meteredSqs(
  usage: Usage,
  findSubjects: FindSubjects,
): (call: ServiceCall, next: Dispatch) => Promise<JsonObject> {
  const owners = recent<readonly string[]>(REMEMBERED_RECEIPTS);

  function charge(call: ServiceCall, amounts: Amounts, subjects: readonly string[]): void {
    const url = call.input['QueueUrl'];
    const resource = typeof url === 'string' ? (url.split('/').at(-1) ?? '') : '';
    usage.add({ service: call.service, resource, operation: call.operation, count: 1, amounts }, subjects);
  }

  return async (call, next) => {
    const answer = await next(call);
    if (call.operation === 'ReceiveMessage') {
      const messages = (answer['Messages'] ?? []) as readonly Message[];
      const bodies = messages.map(({ Body }) => Body);
      for (const { Body, ReceiptHandle } of messages) {
        owners.set(ReceiptHandle, findSubjects(Body));
      }
      const amounts = messages.length === 0 ? { emptyReceives: 1 } : { requests: requests(bodies) };
      charge(call, amounts, findSubjects(...bodies));
      return answer;
    }
    const bodies = bodiesIn(call.input);
    const subjects = new Set(findSubjects(...bodies));
    for (const receipt of receiptsIn(call.input)) {
      for (const owner of owners.get(receipt) ?? []) {
        subjects.add(owner);
      }
      if (call.operation.startsWith('DeleteMessage')) {
        owners.delete(receipt);
      }
    }
    charge(call, { requests: requests(bodies) }, [...subjects]);
    return answer;
  };
}

function requests(bodies: readonly string[]): number {
  const bytes = bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0);
  return Math.max(1, Math.ceil(bytes / CHUNK_BYTES));
}

function entriesOf(input: JsonObject): readonly JsonObject[] {
  return [input, ...((input['Entries'] ?? []) as readonly JsonObject[])];
}

function bodiesIn(input: JsonObject): readonly string[] {
  return textsIn(input, 'MessageBody');
}

function receiptsIn(input: JsonObject): readonly string[] {
  return textsIn(input, 'ReceiptHandle');
}

function textsIn(input: JsonObject, member: string): readonly string[] {
  return entriesOf(input)
    .map((entry) => entry[member])
    .filter((text) => typeof text === 'string');
}

import type { Clock } from '../clock.ts';
import { unknownOperation } from '../dispatch.ts';
import { AwsError, type JsonObject, type Service, type ServiceCall } from '../service-call.ts';
import type { StackDescription } from '../stack-description.ts';
import {
  isSqsError,
  loadFauxqs,
  type FauxqsModules,
  type SqsQueue,
  type SqsStore,
} from './fauxqs-modules.ts';
import { checkInput } from './check-input.ts';
import { canonicalUrl, openQueues } from './queue-store.ts';
import { dropExpired, receiveMessages, type ReceivePorts } from './receive.ts';

export interface Sqs extends Service {
  close(): void;
}

export interface SqsOptions {
  /** Where the messages live, absent: in memory. */
  readonly dataDir?: string;
  readonly clock: Clock;
  /** The AWS endpoint, known once it listens: SDKs call the host of the queue URL. */
  readonly endpoint: () => string;
}

/** SQS with the stack's queues. */
export async function startSqs(
  description: Pick<StackDescription, 'queues' | 'accountId' | 'region'>,
  { dataDir, clock, endpoint }: SqsOptions,
): Promise<Sqs> {
  const modules = await loadFauxqs();
  const queues = openQueues(modules, description.queues, dataDir);
  const { store } = queues;
  const closing = new AbortController();
  const receive = modules.actions.get('ReceiveMessage');
  if (receive === undefined) {
    throw new Error('fauxqs has no ReceiveMessage');
  }
  const ports = { store, receive, clock, accountId: description.accountId, closing: closing.signal };
  const urlOf = (name: string) => `${endpoint()}/${description.accountId}/${name}`;
  return {
    name: 'sqs',
    async call(call) {
      try {
        return await answer(modules, ports, urlOf, call);
      } catch (error) {
        throw isSqsError(error) ? new AwsError(error.code, error.message, error.statusCode) : error;
      }
    },
    resourceArns: ({ input }) => [arnOf(description, nameIn(input))],
    close() {
      closing.abort();
      queues.close();
    },
  };
}

function arnOf(
  { region, accountId }: Pick<StackDescription, 'accountId' | 'region'>,
  name: string | undefined,
) {
  return `arn:aws:sqs:${region}:${accountId}:${name ?? '*'}`;
}

/** There is one account here, so a queue is known by its name, whatever host and account the URL has. */
function nameIn(input: JsonObject): string | undefined {
  const { QueueUrl, QueueName } = input;
  if (typeof QueueUrl === 'string') {
    return QueueUrl.split('/').at(-1);
  }
  return typeof QueueName === 'string' ? QueueName : undefined;
}

function queueIn(store: SqsStore, input: JsonObject): SqsQueue {
  const name = nameIn(input);
  if (name === undefined) {
    throw new AwsError('MissingParameter', 'The request must contain the parameter QueueUrl.');
  }
  const queue = store.getQueueByName(name);
  if (queue === undefined) {
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  }
  return queue;
}

function answer(
  modules: FauxqsModules,
  ports: ReceivePorts,
  urlOf: (name: string) => string,
  { operation, input, signal }: ServiceCall,
): JsonObject | Promise<JsonObject> {
  const { store, clock } = ports;
  switch (operation) {
    case 'GetQueueUrl':
      return { QueueUrl: urlOf(queueIn(store, input).name) };
    case 'ListQueues':
      return listQueues(store, urlOf, input);
    case 'ListDeadLetterSourceQueues':
      return { queueUrls: deadLetterSources(store, queueIn(store, input)).map(({ name }) => urlOf(name)) };
    default: {
      const action = modules.actions.get(operation);
      if (action === undefined) {
        throw unknownOperation('sqs', operation);
      }
      const queue = queueIn(store, input);
      checkInput(input);
      const canonical = { ...input, QueueUrl: canonicalUrl(queue.name) };
      if (operation === 'ReceiveMessage') {
        return receiveMessages(ports, queue, canonical, signal);
      }
      if (operation === 'GetQueueAttributes') {
        // Counts are as of now, not as of the last receive.
        queue.processTimers();
        dropExpired(queue, clock());
      }
      return action(canonical, store);
    }
  }
}

function listQueues(store: SqsStore, urlOf: (name: string) => string, input: JsonObject): JsonObject {
  const { QueueNamePrefix: prefix = '', MaxResults: limit = 1000, NextToken: after = '' } = input;
  const names = [...store.allQueues()]
    .map(({ name }) => name)
    .filter((name) => name.startsWith(String(prefix)) && name > String(after))
    .sort();
  const page = names.slice(0, Number(limit));
  return {
    ...(page.length === 0 ? {} : { QueueUrls: page.map(urlOf) }),
    ...(page.length < names.length ? { NextToken: page.at(-1) } : {}),
  };
}

function deadLetterSources(store: SqsStore, target: SqsQueue): readonly SqsQueue[] {
  return [...store.allQueues()].filter(({ attributes }) => {
    const policy = attributes['RedrivePolicy'];
    return (
      policy !== undefined &&
      (JSON.parse(policy) as { deadLetterTargetArn?: string }).deadLetterTargetArn === target.arn
    );
  });
}

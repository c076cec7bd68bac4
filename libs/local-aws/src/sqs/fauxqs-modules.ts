import { findPackageJSON } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { JsonObject } from '../service-call.ts';

/**
 * The parts of fauxqs that are SQS. Its package exports only a whole server: an HTTP port of its own, S3 and SNS
 * (and with them the AWS SDK), and one fixed account id. So its store, its persistence and its actions are imported
 * by file; its version is pinned exactly.
 */
export interface FauxqsModules {
  readonly SqsStore: new () => SqsStore;
  readonly PersistenceManager: new (dataDir: string) => PersistenceManager;
  readonly actions: ReadonlyMap<string, Action>;
}

/** @throws SqsError (see `isSqsError`) */
export type Action = (input: JsonObject, store: SqsStore) => JsonObject | Promise<JsonObject>;

export interface SqsStore {
  persistence?: PersistenceManager;
  createQueue(name: string, url: string, arn: string, attributes: Record<string, string>): SqsQueue;
  deleteQueue(url: string): boolean;
  getQueueByName(name: string): SqsQueue | undefined;
  allQueues(): Iterable<SqsQueue>;
  shutdown(): void;
}

export interface SqsMessage {
  readonly messageId: string;
  readonly sentTimestamp: number;
}

export interface SqsQueue {
  readonly name: string;
  url: string;
  readonly arn: string;
  persistence?: PersistenceManager;
  messages: SqsMessage[];
  delayedMessages: SqsMessage[];
  readonly attributes: Record<string, string>;
  setAttributes(attributes: Record<string, string>): void;
  dequeue(...args: readonly unknown[]): unknown;
  waitForMessages(seconds: number): Promise<void>;
  processTimers(): void;
}

export interface PersistenceManager {
  readonly db: { exec(sql: string): void; prepare(sql: string): { run(...values: unknown[]): unknown } };
  transaction(work: () => void): void;
  deleteMessage(messageId: string): void;
  updateMessageReady(messageId: string): void;
  loadSqsAndSns(sqsStore: SqsStore, snsStore: unknown): void;
  close(): void;
}

/** What fauxqs throws where AWS would answer an error. */
export interface SqsError extends Error {
  readonly code: string;
  readonly queryCode: string;
  readonly statusCode: number;
  readonly senderFault: boolean;
}

export function isSqsError(error: unknown): error is SqsError {
  return error instanceof Error && error.name === 'SqsError';
}

/** Operations that fauxqs carries out as they are; receiving, listing and naming queues is done beside it. */
const ACTIONS = [
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
  'DeleteMessage',
  'DeleteMessageBatch',
  'GetQueueAttributes',
  'ListQueueTags',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
  'SendMessageBatch',
  'SetQueueAttributes',
  'TagQueue',
  'UntagQueue',
];

export async function loadFauxqs(): Promise<FauxqsModules> {
  const manifest = findPackageJSON('fauxqs', import.meta.url);
  if (manifest === undefined) {
    throw new Error('fauxqs is not installed: run npm ci');
  }
  const load = async (file: string) =>
    (await import(new URL(`dist/${file}`, pathToFileURL(manifest)).href)) as Record<string, unknown>;
  const [store, persistence, types, ...actions] = await Promise.all([
    load('sqs/sqsStore.js'),
    load('persistence.js'),
    load('sqs/sqsTypes.js'),
    ...ACTIONS.map(async (action) => {
      const name = action.charAt(0).toLowerCase() + action.slice(1);
      return [action, (await load(`sqs/actions/${name}.js`))[name] as Action] as const;
    }),
  ]);
  allowAstralCharacters(types['INVALID_MESSAGE_BODY_CHAR'] as RegExp);
  return {
    SqsStore: store['SqsStore'] as FauxqsModules['SqsStore'],
    PersistenceManager: persistence['PersistenceManager'] as FauxqsModules['PersistenceManager'],
    actions: new Map(actions),
  };
}

/**
 * SQS takes every character that XML does, #x10000 to #x10FFFF included (AWS: SendMessage, MessageBody). fauxqs tests
 * UTF-16 code units, and so refuses what lies beyond the first plane: an order with an emoji in it.
 */
function allowAstralCharacters(invalidCharacter: RegExp): void {
  const invalid = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
  invalidCharacter.test = (text) => invalid.test(text);
}

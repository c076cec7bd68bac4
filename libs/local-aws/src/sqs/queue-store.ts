import type { QueueDescription } from '../stack-description.ts';
import type { FauxqsModules, PersistenceManager, SqsQueue, SqsStore } from './fauxqs-modules.ts';

export interface QueueStore {
  readonly store: SqsStore;
  close(): void;
}

/**
 * The stack's queues, with the messages of an earlier run.
 * @param dataDir where the messages live, absent: in memory
 */
export function openQueues(
  modules: FauxqsModules,
  queues: readonly QueueDescription[],
  dataDir: string | undefined,
): QueueStore {
  const store = new modules.SqsStore();
  const persistence = dataDir === undefined ? undefined : openPersistence(modules, store, dataDir);
  for (const description of queues) {
    ensureQueue(store, description);
  }
  if (persistence !== undefined) {
    for (const queue of store.allQueues()) {
      receiveAtomically(queue, persistence);
    }
  }
  return {
    store,
    close() {
      store.shutdown();
      persistence?.close();
    },
  };
}

function openPersistence(modules: FauxqsModules, store: SqsStore, dataDir: string): PersistenceManager {
  const persistence = new modules.PersistenceManager(dataDir);
  // What is written survives the process, `kill -9` included; only a power cut may take the last of it. A sync per
  // message would cost milliseconds each.
  persistence.db.exec('PRAGMA synchronous = NORMAL');
  keepReceiveCount(persistence);
  // Loaded before the store knows its persistence: saving a queue again would cascade onto its messages.
  persistence.loadSqsAndSns(store, { topics: new Map(), subscriptions: new Map() });
  store.persistence = persistence;
  for (const queue of store.allQueues()) {
    queue.persistence = persistence;
  }
  return persistence;
}

/** fauxqs 2.4 clears the receive count of a message that becomes visible early, which its own schema forbids. */
function keepReceiveCount(persistence: PersistenceManager): void {
  const release = persistence.db.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  persistence.updateMessageReady = (messageId) => {
    release.run(messageId);
  };
}

function ensureQueue(store: SqsStore, { name, arn, attributes }: QueueDescription): void {
  const existing = store.getQueueByName(name);
  if (existing === undefined) {
    store.createQueue(name, canonicalUrl(name), arn, { ...attributes });
    return;
  }
  // An attribute that is no longer in the stack goes back to its default; without a redrive policy none applies.
  existing.setAttributes({ RedrivePolicy: '', ...attributes });
}

/** A receive moves messages to the dead letter queue: out of one, into the other, both or neither. */
function receiveAtomically(queue: SqsQueue, persistence: PersistenceManager): void {
  const dequeue = queue.dequeue.bind(queue);
  queue.dequeue = (...args) => {
    let messages: unknown;
    persistence.transaction(() => {
      messages = dequeue(...args);
    });
    return messages;
  };
}

/** How fauxqs finds a queue by URL, whatever host and port its clients know. */
export function canonicalUrl(name: string): string {
  return `http://127.0.0.1/queue/${name}`;
}

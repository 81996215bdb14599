import type { Runtime } from '../../../src/core/runtime.ts';
import type { View } from '../../../src/git/repository.ts';
import { createEventReader } from '../../../src/projection/event/event-reader.ts';
import { createNotify } from '../../../src/projection/notify/notify.ts';
import type { MailReaders, Watcher } from '../../../src/projection/notify/readers.ts';
import { openOutbox } from '../../../src/projection/outbox/outbox.ts';
import type { RunnableProjection } from '../../../src/projection/runnable.ts';
import { openStateDocument } from '../../../src/projection/state/state-document.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import type { Harness } from '../../http/harness.ts';

/** A user of {@link readersOf}. */
export interface ToldUser {
  id: string;
  watches: readonly string[];
  mayRead(file: string): boolean;
}

/** Readers who stay as they are. */
export function readersOf(users: readonly ToldUser[]): MailReaders {
  const watching = (isMeant: (path: string) => boolean): Watcher[] =>
    users
      .map(({ id, watches, mayRead }) => ({
        userId: id,
        email: `${id}@example.org`,
        mayRead,
        mayReadAt: mayRead,
        paths: watches.filter(isMeant),
      }))
      .filter(({ paths }) => paths.length > 0);
  return {
    watching: async paths => watching(path => paths.includes(path)),
    all: async () => watching(() => true),
    reader: async id => watching(() => true).find(({ userId }) => userId === id),
  };
}

export const UUID = '0123456789abcdef0123456789abcdef';

/** The projection over any store: it puts its messages there, and sends none. */
export function notifyInto(
  store: ByteStore,
  { runtime, readers }: { runtime: Runtime; readers: MailReaders },
): Omit<RunnableProjection, 'name'> {
  return createNotify({
    uuid: UUID,
    state: openStateDocument({ store, uuid: UUID, name: 'notify', runtime, own: null, parseOwn: () => null }),
    outbox: openOutbox({ store, uuid: UUID, kind: 'mail', runtime }),
    events: createEventReader(),
    readersAt: async () => readers,
    deliver: async () => undefined,
    runtime,
  });
}

/** What lies in an outbox, byte for byte. */
export async function outboxOf(store: ByteStore): Promise<Record<string, string>> {
  const { objects } = await store.list('outbox/');
  const found: Record<string, string> = {};
  for (const { key } of objects) {
    const got = await store.get(key);
    if (got.kind !== 'found') throw new Error(`${key} is not there`);
    found[key] = got.bytes.toString('utf8');
  }
  return found;
}

export async function newestOf({ service }: Harness): Promise<View> {
  return (await service.repository()).view({ maxAgeMs: 0 });
}

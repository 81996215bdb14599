import type { ByteStore } from '../../storage/byte-store.ts';
import {
  type DueMessage,
  isMessageId,
  keyOf,
  MESSAGE_FORMAT,
  type OutboxFolder,
  type OutboxPlace,
} from './outbox-message.ts';

/** `waiting`: to be sent, or being sent; `dead`: given up. */
export type ListedState = 'waiting' | 'sent' | 'dead';

export interface ListOptions {
  /** Beginning of the ids. Default: all. */
  prefix?: string;
  /** An id; those that follow it. */
  after?: string | undefined;
  /** 1 to 100; default 50. */
  limit?: number;
}

export interface OutboxPage {
  messages: DueMessage[];
  more: boolean;
}

const FOLDERS: Readonly<Record<ListedState, OutboxFolder>> = { waiting: 'due', sent: 'sent', dead: 'dead' };

/** See {@link Outbox.list}. */
export async function listMessages(
  place: OutboxPlace,
  state: ListedState,
  { prefix = '', after, limit = 50 }: ListOptions,
): Promise<OutboxPage> {
  const folder = FOLDERS[state];
  const { objects, more } = await place.store.list(keyOf(place, folder, prefix), {
    limit: Math.min(100, Math.max(1, limit)),
    ...(after === undefined ? {} : { after: keyOf(place, folder, after) }),
  });
  const found = await Promise.all(objects.map(({ key }) => readMessage(place.store, key)));
  return { messages: found.filter(message => message !== undefined), more };
}

/** See {@link Outbox.find}. What has ended goes before what is still to be tidied away. */
export async function findMessage(place: OutboxPlace, id: string): Promise<DueMessage | undefined> {
  if (!isMessageId(id)) return undefined;
  const read = (folder: OutboxFolder) => readMessage(place.store, keyOf(place, folder, id));
  const [due, sent, dead] = await Promise.all([read('due'), read('sent'), read('dead')]);
  return sent ?? dead ?? due;
}

/** True when the message was sent or given up, whatever lies below `due/`. */
export async function isFiled(place: OutboxPlace, id: string): Promise<boolean> {
  const read = (folder: OutboxFolder) => place.store.get(keyOf(place, folder, id));
  const found = await Promise.all([read('sent'), read('dead')]);
  return found.some(({ kind }) => kind === 'found');
}

async function readMessage(store: ByteStore, key: string): Promise<DueMessage | undefined> {
  const got = await store.get(key);
  return got.kind === 'found' ? MESSAGE_FORMAT.decode(got.bytes).body : undefined;
}

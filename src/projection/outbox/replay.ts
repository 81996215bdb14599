import { putFirst } from './enqueue.ts';
import { messageAbsent, messageWaiting } from './errors.ts';
import { findMessage, isFiled } from './list.ts';
import { firstVersion, hasEnded, keyOf, MESSAGE_FORMAT, type OutboxPlace } from './outbox-message.ts';

/** See {@link Outbox.replay}. */
export async function replayMessage(place: OutboxPlace, id: string): Promise<string> {
  const message = await findMessage(place, id);
  if (message === undefined) throw messageAbsent(id);
  if (!hasEnded(message)) throw messageWaiting(id);
  const original = message.replayOf ?? id;
  for (let count = 1; ; count += 1) {
    const next = `${original}.r${count}`;
    if (await isFiled(place, next)) continue;
    await putFirst(place, keyOf(place, 'due', next), firstVersion(place, { ...message, id: next }, original));
    await noteReplay(place, keyOf(place, message.state === 'sent' ? 'sent' : 'dead', id), next);
    return next;
  }
}

/** For those who read the list; nothing rests on it. */
async function noteReplay({ store }: OutboxPlace, key: string, replayedAs: string): Promise<void> {
  const got = await store.get(key);
  if (got.kind !== 'found') return;
  const document = MESSAGE_FORMAT.decode(got.bytes);
  if (document.body.replayedAs === replayedAs) return;
  const body = { ...document.body, replayedAs };
  const stamp = { ...document.stamp, seq: document.stamp.seq + 1 };
  await store.put(key, MESSAGE_FORMAT.encode({ ...document, body }, stamp), { ifMatch: got.version });
}

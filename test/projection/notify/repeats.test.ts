import { beforeAll, describe, expect, test } from 'vitest';
import type { View } from '../../../src/git/repository.ts';
import { createEventReader } from '../../../src/projection/event/event-reader.ts';
import { messagesOf } from '../../../src/projection/notify/change-messages.ts';
import { CommitLine } from '../../../src/projection/notify/commit-line.ts';
import { outboxMessage } from '../../../src/projection/notify/mail-message.ts';
import { openOutbox } from '../../../src/projection/outbox/outbox.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { type CleanUp, openWiki } from '../../http/harness.ts';
import { Prng } from '../../simulation/prng.ts';
import { virtualClock } from './mail-wiki.ts';
import { newestOf, notifyInto, outboxOf, readersOf, UUID } from './told-wiki.ts';

const READERS = readersOf([
  { id: 'a'.repeat(32), watches: [''], mayRead: () => true },
  { id: 'b'.repeat(32), watches: ['docs/', 'other'], mayRead: file => !file.includes('3') },
  { id: 'c'.repeat(32), watches: ['docs/p1', 'docs/p2'], mayRead: () => true },
]);

/** The wiki after each of its commits, oldest first. */
const views: View[] = [];
let undisturbed: Record<string, string>;

beforeAll(async () => {
  const steps: (() => Promise<void>)[] = [];
  const cleanUp: CleanUp = step => void steps.unshift(step);
  const wiki = await openWiki({}, cleanUp);
  const note = async () => void views.push(await newestOf(wiki));
  await note();
  for (let n = 0; n < 30; n += 1) {
    await wiki.call('PUT', `/pages/docs/p${n % 9}${n > 20 ? '/sub' : ''}`, {
      content: `${n}`,
      ...(await lock(n)),
    });
    await note();
  }
  const changes = Array.from({ length: 40 }, (_, n) => ({ op: 'put', path: `other/q${n}`, content: 'x' }));
  await wiki.call('POST', '/batch', { changes });
  await note();
  await wiki.call('POST', '/pages/docs/p1/rename', { new_path: 'other' });
  await note();
  const store = createMemoryByteStore();
  await follow(store, [views.length - 1]);
  undisturbed = await outboxOf(store);
  return async () => {
    for (const step of steps) await step();
  };

  async function lock(n: number): Promise<object> {
    const { status, body } = await wiki.call('GET', `/pages/docs/p${n % 9}${n > 20 ? '/sub' : ''}`);
    return status === 200 ? { revision: body.revision } : {};
  }
}, 120_000);

/** Begins before the first commit, and then sees the wiki as it was after these. */
async function follow(store: ByteStore, seen: readonly number[]): Promise<void> {
  const notify = notifyInto(store, { runtime: virtualClock(), readers: READERS });
  for (const index of [0, ...seen]) await notify.run(runOn(index));
}

function runOn(index: number) {
  const view = views[index];
  if (view === undefined) throw new Error(`There is no view ${index}`);
  return { newest: async () => view, deadlineMs: Number.POSITIVE_INFINITY, publishes: false };
}

/** A process that ends at its n-th put, which has taken effect or not; nothing that it asks after that is answered. */
function endingAt(store: ByteStore, puts: number, takesEffect: boolean): ByteStore {
  let left = puts;
  const ended = () => Promise.reject(new Error('ended'));
  return {
    ...store,
    get: (...asked) => (left > 0 ? store.get(...asked) : ended()),
    list: (...asked) => (left > 0 ? store.list(...asked) : ended()),
    async put(...asked) {
      left -= 1;
      if (left > 0) return await store.put(...asked);
      if (left === 0 && takesEffect) await store.put(...asked);
      return await ended();
    },
  };
}

/** Keys of objects that are not as in an undisturbed run. */
function difference(found: Record<string, string>): string[] {
  const keys = new Set([...Object.keys(found), ...Object.keys(undisturbed)]);
  return [...keys].filter(key => found[key] !== undisturbed[key]);
}

describe('the mails that commits lead to', () => {
  test('are there, and hold ids alone', () => {
    const bodies = Object.values(undisturbed).join('\n');
    expect(Object.keys(undisturbed).length).toBeGreaterThan(40);
    expect(bodies).toContain('"type":"many"');
    expect(bodies).not.toMatch(/docs|other|example/);
  });

  test('are the same whether commits are seen one by one or together', async () => {
    const store = createMemoryByteStore();
    await follow(
      store,
      views.map((_, index) => index),
    );
    expect(difference(await outboxOf(store))).toEqual([]);
  });

  test('are the same when processes end anywhere, and two run at once', async () => {
    const random = new Prng(7);
    for (let round = 0; round < 25; round += 1) {
      const store = createMemoryByteStore();
      await follow(store, []);
      let index = 0;
      for (let n = 0; n < 30; n += 1) {
        const ends = endingAt(store, 1 + (random.uint32() % 40), random.uint32() % 2 === 0);
        // The newest commit is asked for after the cursor: nobody sees the wiki go back.
        index = Math.min(index + (random.uint32() % 4), views.length - 1);
        const processes = [ends, store].slice(0, 1 + (random.uint32() % 2));
        await Promise.allSettled(
          processes.map(each =>
            notifyInto(each, { runtime: virtualClock(), readers: READERS }).run(runOn(index)),
          ),
        );
      }
      await notifyInto(store, { runtime: virtualClock(), readers: READERS }).run(runOn(views.length - 1));
      expect(difference(await outboxOf(store))).toEqual([]);
    }
  });

  test('are the same when events come again, in any order, one by one', async () => {
    const store = createMemoryByteStore();
    const runtime = virtualClock();
    const outbox = openOutbox({ store, uuid: UUID, kind: 'mail', runtime });
    const reader = createEventReader();
    const view = views.at(-1);
    if (view === undefined) throw new Error('There is no view');
    const from = { after: { head: null, ordinal: -1 }, told: 0 };
    const events = [...((await reader.after(view, from, { limit: 10_000 }))?.events ?? [])];
    const random = new Prng(11);
    for (const event of [...events, ...events].sort(() => (random.uint32() % 3) - 1)) {
      const line = new CommitLine(view, reader);
      const messages = await messagesOf([event], line, READERS, runtime.now());
      await outbox.enqueue(messages.map(message => outboxMessage(UUID, message)));
    }
    expect(difference(await outboxOf(store))).toEqual([]);
  });
});

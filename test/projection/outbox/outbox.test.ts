import { describe, expect, it } from 'vitest';
import { type Runtime, randomId, systemRuntime } from '../../../src/core/runtime.ts';
import { openOutbox } from '../../../src/projection/outbox/outbox.ts';
import type { Send, SendOutcome } from '../../../src/projection/outbox/sending.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { endingAt } from './ending-store.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MESSAGE = { id: 'a', target: 'ann@example.org', payload: { event: '1' } };
const SENT: SendOutcome = { kind: 'sent' };

function box() {
  let aheadMs = 0;
  const runtime: Runtime = { ...systemRuntime, now: () => Date.now() + aheadMs };
  const store = createMemoryByteStore({ runtime });
  const uuid = randomId(runtime);
  const open = (reached: ByteStore = store) => openOutbox({ store: reached, uuid, kind: 'test', runtime });
  return {
    store,
    runtime,
    uuid,
    open,
    later: (ms: number) => {
      aheadMs += ms;
    },
  };
}

/** Counts what arrives. */
function receiver(outcome: () => SendOutcome | Promise<SendOutcome> = () => SENT) {
  const arrived: string[] = [];
  const send: Send = async ({ id }) => {
    arrived.push(id);
    return await outcome();
  };
  return { arrived, send };
}

describe('an outbox', () => {
  it('holds the same bytes, whoever adds a message, how often, and in which order', async () => {
    const messages = Array.from({ length: 20 }, (_, index) => ({ ...MESSAGE, id: `m${index}` }));
    const [once, often] = [box(), box()];
    const outbox = (store: ByteStore) =>
      openOutbox({ store, uuid: 'u', kind: 'test', runtime: systemRuntime });
    await outbox(once.store).enqueue(messages);
    await Promise.all([
      outbox(often.store).enqueue([...messages].reverse()),
      outbox(often.store).enqueue([...messages, ...messages]),
    ]);
    const bytesOf = async (store: ByteStore) => {
      const { objects } = await store.list('outbox/');
      const found = await Promise.all(objects.map(({ key }) => store.get(key)));
      return objects.map(({ key }, at) => [key, (found[at] as { bytes?: Buffer }).bytes?.toString()]);
    };
    expect(await bytesOf(often.store)).toEqual(await bytesOf(once.store));
    expect(await outbox(once.store).enqueue(messages)).toBe(0);
  });

  it('sends each message once, whoever delivers at the same time', async () => {
    const { open } = box();
    const { arrived, send } = receiver();
    const ids = Array.from({ length: 30 }, (_, index) => `m${index}`);
    await open().enqueue(ids.map(id => ({ ...MESSAGE, id })));
    const reports = await Promise.all([1, 2, 3].map(() => open().deliver({ send })));
    expect(arrived.sort()).toEqual(ids.sort());
    expect(reports.reduce((sum, { sent }) => sum + sent, 0)).toBe(30);
    expect(reports.map(({ possiblyDoubled }) => possiblyDoubled)).toEqual([0, 0, 0]);
    expect((await open().list('sent', { limit: 100 })).messages).toHaveLength(30);
    expect((await open().list('waiting')).messages).toEqual([]);
  });

  it('that is full of messages to one receiver who refuses all serves another one soon', async () => {
    const { open } = box();
    const full = Array.from({ length: 12_500 }, (_, n) => ({
      ...MESSAGE,
      id: `0000000000000001-${String(n).padStart(5, '0')}`,
      target: 'broken',
    }));
    await open().enqueue([...full, { ...MESSAGE, id: 'f000000000000002-0', target: 'sound' }]);
    const outbox = open();
    const arrived: string[] = [];
    const send: Send = async ({ target }) => {
      arrived.push(target);
      return target === 'sound' ? SENT : { kind: 'failed', code: 'webhook_status' };
    };
    for (let call = 0; call < 8 && !arrived.includes('sound'); call += 1) await outbox.deliver({ send });
    expect(arrived).toContain('sound');
  });

  it('does not send what was sent when it is added again', async () => {
    const { open } = box();
    const { arrived, send } = receiver();
    await open().enqueue([MESSAGE]);
    await open().deliver({ send });
    await open().enqueue([MESSAGE]);
    expect(await open().deliver({ send })).toMatchObject({ sent: 0, waiting: 0 });
    expect(arrived).toEqual(['a']);
    expect((await open().list('waiting')).messages).toEqual([]);
  });

  it('delivers what a process that ended at any call has left, and counts what may have come twice', async () => {
    let [doubled, accounted] = [0, 0];
    for (const takesEffect of [false, true]) {
      for (let call = 1; call <= 12; call += 1) {
        const { open, store, later } = box();
        const { arrived, send } = receiver();
        await open().enqueue([MESSAGE]);
        void open(endingAt(store, call, takesEffect)).deliver({ send });
        await new Promise(resolve => setTimeout(resolve, 20));
        later(HOUR_MS);
        const { possiblyDoubled } = await open().deliver({ send });
        expect(arrived.length, `call ${call}`).toBeGreaterThan(0);
        expect(arrived.length - 1, `call ${call}`).toBeLessThanOrEqual(possiblyDoubled);
        expect(
          (await open().list('sent')).messages.map(({ id }) => id),
          `call ${call}`,
        ).toEqual(['a']);
        expect((await open().list('waiting')).messages, `call ${call}`).toEqual([]);
        doubled += arrived.length - 1;
        accounted += possiblyDoubled;
      }
    }
    // Else there would have been nothing to account for.
    expect([doubled > 0, accounted >= doubled]).toEqual([true, true]);
  });

  it('adds all messages though a process ended at any call of doing so', async () => {
    const ids = ['a', 'b', 'c'];
    for (let call = 1; call <= 3; call += 1) {
      const { open, store } = box();
      void open(endingAt(store, call, true)).enqueue(ids.map(id => ({ ...MESSAGE, id })));
      await new Promise(resolve => setTimeout(resolve, 5));
      await open().enqueue(ids.map(id => ({ ...MESSAGE, id })));
      const { arrived, send } = receiver();
      await open().deliver({ send });
      expect(arrived.sort()).toEqual(ids);
    }
  });

  it('believes an attempt that reached the receiver after it had been taken over', async () => {
    const { open, later } = box();
    await open().enqueue([MESSAGE]);
    let arrive = (_: SendOutcome) => {};
    const slow = open().deliver({
      send: () =>
        new Promise(resolve => {
          arrive = resolve;
        }),
    });
    await new Promise(resolve => setTimeout(resolve, 10));
    later(HOUR_MS);
    const failing = receiver(() => ({ kind: 'failed', code: 'test_failed' }));
    expect(await open().deliver({ send: failing.send })).toMatchObject({ failed: 1, possiblyDoubled: 1 });
    arrive(SENT);
    await slow;
    expect((await open().find('a'))?.state).toBe('sent');
    later(DAY_MS);
    expect(await open().deliver({ send: failing.send })).toMatchObject({ failed: 0, waiting: 0 });
  });

  it('waits longer after each failure, says when, and gives up at last', async () => {
    const { open, later, runtime } = box();
    await open().enqueue([MESSAGE]);
    const { send, arrived } = receiver(() => {
      throw new Error('It is broken');
    });
    const waits: number[] = [];
    for (;;) {
      const report = await open().deliver({ send });
      if (report.dead > 0) break;
      const waitMs = (report.nextDueMs ?? 0) - runtime.now();
      waits.push(waitMs);
      expect(await open().deliver({ send })).toMatchObject({ failed: 0, waiting: 1 });
      later(waitMs + 1_000);
    }
    expect(arrived).toHaveLength(8);
    const wanted = [10, 60, 300, 1_800, 7_200, 21_600, 43_200].map(seconds => seconds * 1_000);
    waits.forEach((waitMs, at) => {
      expect(waitMs).toBeGreaterThan((wanted[at] ?? 0) * 0.8 - 1_000);
      expect(waitMs).toBeLessThan((wanted[at] ?? 0) * 1.2 + 1);
    });
    expect((await open().list('dead')).messages).toMatchObject([
      { id: 'a', attempts: 8, last: { code: 'internal_error' } },
    ]);
  });

  it('leaves a receiver that fails alone for a while, and goes on with others', async () => {
    const { open } = box();
    const bad = Array.from({ length: 100 }, (_, index) => ({ ...MESSAGE, id: `z${index}`, target: 'bad' }));
    await open().enqueue([...bad, { ...MESSAGE, id: 'a', target: 'good' }]);
    const tried: string[] = [];
    const report = await open().deliver({
      send: async ({ target }) => {
        tried.push(target);
        return target === 'good' ? SENT : { kind: 'failed', code: 'test_failed' };
      },
    });
    expect(report.sent).toBe(1);
    expect(tried.length).toBeLessThan(40);
    expect(report.waiting).toBe(100 - report.failed);
  });

  it('looks at no more messages than it is allowed, and at others the next time', async () => {
    const { open } = box();
    const { arrived, send } = receiver();
    await open().enqueue(Array.from({ length: 50 }, (_, index) => ({ ...MESSAGE, id: `m${index}` })));
    expect(await open().deliver({ send, limit: 10 })).toMatchObject({ sent: 10, more: true });
    while ((await open().deliver({ send, limit: 10 })).more);
    expect(new Set(arrived).size).toBe(50);
  });

  it('begins nothing for which there is no time', async () => {
    const { open, runtime } = box();
    const { arrived, send } = receiver();
    await open().enqueue([MESSAGE]);
    expect(await open().deliver({ send, deadlineMs: runtime.now() + 500 })).toMatchObject({ more: true });
    expect(arrived).toEqual([]);
  });

  it('takes nothing that cannot lie in a store, or is too long', async () => {
    const { open, store } = box();
    for (const message of [
      { ...MESSAGE, id: '' },
      { ...MESSAGE, id: 'a/b' },
      { ...MESSAGE, id: '.a' },
      { ...MESSAGE, id: 'ä' },
      { ...MESSAGE, id: 'x'.repeat(201) },
      { ...MESSAGE, target: 'x'.repeat(1_001) },
      { ...MESSAGE, payload: undefined },
      { ...MESSAGE, payload: 'x'.repeat(20_000) },
    ]) {
      await expect(open().enqueue([MESSAGE, message])).rejects.toMatchObject({
        code: 'outbox_message_invalid',
      });
    }
    expect((await store.list('outbox/')).objects).toEqual([]);
    expect(await open().find('../a')).toBeUndefined();
  });

  it('lists its messages in pages', async () => {
    const { open } = box();
    await open().enqueue(['p-a', 'p-b', 'p-c', 'q-a'].map(id => ({ ...MESSAGE, id })));
    const first = await open().list('waiting', { prefix: 'p-', limit: 2 });
    expect([first.messages.map(({ id }) => id), first.more]).toEqual([['p-a', 'p-b'], true]);
    const second = await open().list('waiting', { prefix: 'p-', limit: 2, after: 'p-b' });
    expect([second.messages.map(({ id }) => id), second.more]).toEqual([['p-c'], false]);
  });
});

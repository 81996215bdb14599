import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { examine } from '../../src/git/doctor/doctor.ts';
import type { FlushPolicy } from '../../src/git/flush/flush.ts';
import { createLedger, type LedgerRepository, openRepository } from '../../src/git/open.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';
import { commitFiles } from '../support/repository.ts';

const AT_EACH_SWAP: FlushPolicy = { minBytes: 0, minSwaps: 1, maxBytes: 1 << 20 };

/** A repository whose packs are written when they may. */
async function gatedRepository(options: { local: boolean; flush: FlushPolicy }) {
  const memory = createMemoryByteStore();
  let open = () => {};
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  const store: ByteStore = {
    location: memory.location,
    get: (key, asked) => memory.get(key, asked),
    list: (prefix, asked) => memory.list(prefix, asked),
    delete: keys => memory.delete(keys),
    upload: (key, chunks) => memory.upload(key, chunks),
    put: async (key, body, condition) => {
      if (key.startsWith('packs/')) await opened;
      return memory.put(key, body, condition);
    },
  };
  const uuid = 'a'.repeat(32);
  await createLedger({ store, uuid, runtime: systemRuntime });
  const repository = openRepository({ store, uuid, runtime: systemRuntime, ...options });
  return { repository, open };
}

async function committed(repository: LedgerRepository, count: number): Promise<string[]> {
  const oids: string[] = [];
  for (let at = 0; at < count; at += 1) oids.push(await commitFiles(repository, { 'a.md': `${at}` }));
  return oids;
}

/** Commits until the flush that is under way is listed. */
async function flushed(repository: LedgerRepository): Promise<void> {
  while ((await repository.ledger()).packs.length === 0) {
    await systemRuntime.turn();
    await commitFiles(repository, { 'b.md': `${Math.random()}` });
  }
}

describe('a flush on a disk', () => {
  it('goes on while commits are answered, and takes over what was in the journal at its start', async () => {
    const { repository, open } = await gatedRepository({ local: true, flush: AT_EACH_SWAP });
    const oids = await committed(repository, 6);
    const { journal, packs } = await repository.ledger();
    expect([journal.count, packs.length]).toEqual([6, 0]);
    open();
    await flushed(repository);
    const ledger = await repository.ledger();
    expect(ledger.journal.base.head).toBe(oids[0]);
    expect(ledger.journal.position(oids[1] ?? '')).toBe(0);
    const { findings } = await examine(repository);
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
  });

  it('is waited for once the journal has outgrown its bound', async () => {
    const flush = { ...AT_EACH_SWAP, maxBytes: 400 };
    const { repository, open } = await gatedRepository({ local: true, flush });
    let answered = 0;
    const all = (async () => {
      for (; answered < 40; answered += 1) await commitFiles(repository, { 'a.md': `${answered}` });
    })();
    for (let before = -1; answered > before; ) {
      before = answered;
      for (let turns = 0; turns < 50; turns += 1) await systemRuntime.turn();
    }
    expect(answered).toBeGreaterThan(2);
    expect(answered).toBeLessThan(20);
    open();
    await all;
    // The pack of the last flush may not be listed yet, which is noted.
    const { findings } = await examine(repository);
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
  });
});

it('a flush in a remote store is waited for by the commit beside which it is written', async () => {
  const { repository, open } = await gatedRepository({ local: false, flush: AT_EACH_SWAP });
  const oids = await committed(repository, 1);
  let answered = false;
  const second = commitFiles(repository, { 'a.md': 'second' }).then(() => {
    answered = true;
  });
  for (let turns = 0; turns < 50; turns += 1) await systemRuntime.turn();
  expect(answered).toBe(false);
  open();
  await second;
  await commitFiles(repository, { 'a.md': 'third' });
  const ledger = await repository.ledger();
  expect([ledger.packs.length, ledger.journal.base.head]).toEqual([1, oids[0]]);
});

it.each([
  ['on a disk', true],
  ['in a remote store', false],
])('a flush that is asked for %s takes over the whole journal, whatever lies ready', async (_, local) => {
  const { repository, open } = await gatedRepository({ local, flush: AT_EACH_SWAP });
  open();
  const oids = await committed(repository, 2);
  for (let turns = 0; turns < 50; turns += 1) await systemRuntime.turn();
  expect(await repository.flusher.flush()).toBe(true);
  const { journal, packs } = await repository.ledger();
  expect([journal.count, journal.base.head, packs.length]).toEqual([0, oids[1], 1]);
});

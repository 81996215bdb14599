import { describe, expect, it } from 'vitest';
import { type Runtime, randomId, systemRuntime } from '../../src/core/runtime.ts';
import { type DraftInput, type Drafts, MAX_DRAFTS, openDrafts } from '../../src/draft/drafts.ts';
import { sweepDrafts } from '../../src/draft/sweep.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';

const DAY_MS = 86_400_000;
const uuid = randomId(systemRuntime);

function open(store: ByteStore, options: { author?: string; runtime?: Runtime } = {}): Drafts {
  return openDrafts({ store, uuid, author: 'user:1', runtime: systemRuntime, keptDays: 30, ...options });
}

function draftOf(file: string, content = 'text'): DraftInput {
  return { file, content, baseRevision: null, cursor: { line: 0, ch: 0 } };
}

/** The clock, so many days ahead. */
function later(days: number): Runtime {
  return { ...systemRuntime, now: () => systemRuntime.now() + days * DAY_MS };
}

describe('drafts', () => {
  it('that are saved at once by two of one author are each acknowledged, and one of them is kept', async () => {
    const store = createMemoryByteStore();
    const texts = Array.from({ length: 8 }, (_, index) => `text ${index}`);
    const saved = await Promise.all(texts.map(text => open(store).save(draftOf('home.md', text))));
    expect(saved.filter(({ created }) => created)).toHaveLength(1);
    const kept = await open(store).read('home.md');
    expect(saved.map(({ draft }) => draft.version)).toContain(kept?.version);
  });

  it('that only one may replace are replaced by one', async () => {
    const store = createMemoryByteStore();
    const { draft } = await open(store).save(draftOf('home.md'));
    const accepts = (version: string | undefined) => version === draft.version;
    const tried = await Promise.allSettled(
      ['a', 'b', 'c'].map(text => open(store).save(draftOf('home.md', text), { accepts })),
    );
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(tried.filter(each => each.status === 'rejected').map(({ reason }) => reason.code)).toEqual([
      'precondition_failed',
      'precondition_failed',
    ]);
  });

  it('come and go while others delete them, and a save is never lost but to a deletion', async () => {
    const store = createMemoryByteStore();
    const drafts = open(store);
    const steps = Array.from({ length: 60 }, (_, index) =>
      index % 3 === 0 ? drafts.discard('home.md') : open(store).save(draftOf('home.md', String(index))),
    );
    await Promise.all(steps);
    const { draft } = await drafts.save(draftOf('home.md', 'last'));
    expect((await drafts.read('home.md'))?.version).toBe(draft.version);
  });

  it('are at most 100 of one author, however many others have', async () => {
    const store = createMemoryByteStore();
    for (let index = 0; index < MAX_DRAFTS; index += 1) await open(store).save(draftOf(`p${index}.md`));
    await expect(open(store).save(draftOf('more.md'))).rejects.toMatchObject({ code: 'drafts_full' });
    expect((await open(store).save(draftOf('p7.md', 'new'))).created).toBe(false);
    expect((await open(store, { author: 'user:2' }).save(draftOf('more.md'))).created).toBe(true);
    expect(await open(store).list()).toHaveLength(MAX_DRAFTS);
    expect((await open(store, { runtime: later(31) }).save(draftOf('more.md'))).created).toBe(true);
  });

  it('are gone after their days, for whoever reads, and from the store when it is swept', async () => {
    const store = createMemoryByteStore();
    await open(store).save(draftOf('home.md'));
    const old = open(store, { runtime: later(31) });
    expect(await old.read('home.md')).toBeUndefined();
    expect(await old.list()).toEqual([]);
    const sweep = (days: number) => sweepDrafts(store, { uuid, runtime: later(days), keptDays: 30 });
    expect(await sweep(30.5)).toBe(0);
    expect(await sweep(32)).toBe(1);
    expect((await store.list('drafts/')).objects).toEqual([]);
    expect(await sweep(32)).toBe(0);
  });

  it('are not swept by a process that was paused after it had looked', async () => {
    const store = createMemoryByteStore();
    await open(store).save(draftOf('home.md'));
    let calls = 0;
    const runtime = { now: () => systemRuntime.now() + 32 * DAY_MS + 60_000 * calls++ };
    expect(await sweepDrafts(store, { uuid, runtime, keptDays: 30 })).toBe(0);
    expect(await open(store).list()).toHaveLength(1);
  });

  it('of another wiki and of another author are somewhere else', async () => {
    const store = createMemoryByteStore();
    await open(store).save(draftOf('home.md'));
    const other = openDrafts({
      store,
      uuid: randomId(systemRuntime),
      author: 'user:1',
      runtime: systemRuntime,
      keptDays: 30,
    });
    expect(await other.read('home.md')).toBeUndefined();
    expect(await open(store, { author: 'user:2' }).read('home.md')).toBeUndefined();
  });

  it('that are damaged are not taken for drafts', async () => {
    const store = createMemoryByteStore();
    await open(store).save(draftOf('home.md'));
    const [{ key } = { key: '' }] = (await store.list('drafts/')).objects;
    const found = await store.get(key);
    if (found.kind !== 'found') throw new Error('It was just written');
    const text = found.bytes.toString().replace('"content":"text"', '"content":7');
    await store.put(key, [Buffer.from(text)], { ifMatch: found.version });
    await expect(open(store).read('home.md')).rejects.toMatchObject({ code: 'object_unreadable' });
  });
});

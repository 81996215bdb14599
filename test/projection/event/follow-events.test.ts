import { expect, it } from 'vitest';
import { type Runtime, systemRuntime } from '../../../src/core/runtime.ts';
import { type LedgerRepository, openRepository } from '../../../src/git/open.ts';
import { createEventReader } from '../../../src/projection/event/event-reader.ts';
import { type FollowOptions, followEvents, skipToHead } from '../../../src/projection/event/follow-events.ts';
import type { WikiEvent } from '../../../src/projection/event/wiki-event.ts';
import { openStateDocument, stateKey } from '../../../src/projection/state/state-document.ts';
import { commitFiles, newRepository } from '../../support/repository.ts';

const PAUSE_MS = 4_000_000;

/** A follower of its own reader and document handle, as another process would have, which writes down what it is given. */
function follower(
  wiki: LedgerRepository,
  options: Partial<FollowOptions<null>> = {},
  clock = { aheadMs: 0 },
) {
  const runtime: Runtime = { ...systemRuntime, now: () => systemRuntime.now() + clock.aheadMs };
  const { store, uuid } = wiki;
  const state = openStateDocument({ store, uuid, name: 'probe', runtime, own: null, parseOwn: () => null });
  const seen: string[] = [];
  const take = async (events: readonly WikiEvent[]) => {
    seen.push(...events.map(({ type, file }) => `${type} ${file}`));
    return [];
  };
  const all = { name: 'probe', state, events: createEventReader(), runtime, take, ...options };
  const newest = () => wiki.view({ maxAgeMs: 0 });
  const run = (deadlineMs = Number.POSITIVE_INFINITY) => followEvents(all, { newest, deadlineMs });
  return { run, seen, state, newest };
}

it('one that never ran begins with what comes next', async () => {
  const wiki = await newRepository();
  await commitFiles(wiki, { 'a.md': 'gull' });
  const { run, seen } = follower(wiki);
  await run();
  await commitFiles(wiki, { 'b.md': 'tern', 'b/x.png': 'png' });
  await commitFiles(wiki, { 'b.md': null, 'c.md': 'tern' });
  expect(await run()).toMatchObject({ events: 3 });
  expect(seen).toEqual(['page_created b.md', 'attachment_saved b/x.png', 'page_renamed c.md']);
  expect(await run()).toMatchObject({ events: 0 });
});

it('a commit of many events is taken in by several batches, each once', async () => {
  const wiki = await newRepository();
  const { run, seen, state } = follower(wiki, { maxEvents: 3 });
  await run();
  await commitFiles(wiki, Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`${n}.md`, `text ${n}`])));
  await expect(run(0)).rejects.toMatchObject({ code: 'deadline_exceeded' });
  expect((await state.read()).told).toBe(3);
  await run();
  expect(seen).toEqual(Array.from({ length: 8 }, (_, n) => `page_created ${n}.md`));
  expect(await state.read()).toMatchObject({ told: 0, cursor: { ordinal: 0 } });
});

it('two that run at once may take the same in, and move on once', async () => {
  const wiki = await newRepository();
  const [first, second] = [follower(wiki, { maxEvents: 2 }), follower(wiki, { maxEvents: 2 })];
  await first.run();
  for (let n = 0; n < 5; n += 1)
    await commitFiles(wiki, { [`${n}.md`]: `text ${n}`, [`x${n}.md`]: `x ${n}` });
  await Promise.all([first.run(), second.run()]);
  expect([...new Set([...first.seen, ...second.seen])].sort()).toHaveLength(10);
  expect((await first.state.read()).cursor?.head).toBe((await wiki.view()).head);
});

it('what fails alone is set aside, keeps nothing else from going on, and is tried again when it is due', async () => {
  const wiki = await newRepository();
  const clock = { aheadMs: 0 };
  let isBroken = true;
  const taken: string[] = [];
  const take = async (events: readonly WikiEvent[]) => {
    const broken = events.filter(({ file }) => isBroken && file === 'bad.md');
    taken.push(...events.filter(event => !broken.includes(event)).map(({ file }) => file));
    return broken.map(({ id }) => ({ item: id, error: new Error('no') }));
  };
  const { run, state } = follower(wiki, { take }, clock);
  await run();
  const bad = await commitFiles(wiki, { 'bad.md': 'gull', 'good.md': 'tern' });
  await run();
  expect(taken).toEqual(['good.md']);
  const [aside] = (await state.read()).setAside;
  expect(aside).toMatchObject({ item: `${bad}-0`, code: 'internal_error', message: 'no', attempts: 1 });
  expect(await run()).toMatchObject({ retried: 0 });
  clock.aheadMs += PAUSE_MS;
  expect(await run()).toMatchObject({ retried: 1 });
  expect((await state.read()).setAside[0]).toMatchObject({ attempts: 2, sinceMs: aside?.sinceMs });
  isBroken = false;
  clock.aheadMs += PAUSE_MS;
  await run();
  expect([taken, (await state.read()).setAside]).toEqual([['good.md', 'bad.md'], []]);
});

it('what keeps all from being taken in leaves the cursor where it is', async () => {
  const wiki = await newRepository();
  let isBroken = true;
  const seen: string[] = [];
  const take = async (events: readonly WikiEvent[]) => {
    if (isBroken) throw new Error('no store');
    seen.push(...events.map(({ file }) => file));
    return [];
  };
  const { run } = follower(wiki, { take });
  await run();
  await commitFiles(wiki, { 'a.md': 'gull' });
  await expect(run()).rejects.toThrow('no store');
  isBroken = false;
  await run();
  expect(seen).toEqual(['a.md']);
});

it('a history that is too far ahead, or another one, is told as one event', async () => {
  const wiki = await newRepository();
  const { run, seen, state } = follower(wiki, { maxCommits: 3 });
  await run();
  for (let n = 0; n < 4; n += 1) await commitFiles(wiki, { 'a.md': `text ${n}` });
  await run();
  expect(seen.splice(0)).toEqual(['history_changed ']);
  const foreign = { head: '0123456789'.repeat(4), ordinal: 3 };
  await state.change(current => ({ state: { ...current, cursor: foreign }, result: null }));
  await run();
  expect(seen).toEqual(['history_changed ']);
  expect((await state.read()).cursor?.ordinal).toBe(3);
});

it('goes to the head without telling anything when it is made anew', async () => {
  const wiki = await newRepository();
  const { run, seen, state, newest } = follower(wiki);
  await run();
  await commitFiles(wiki, { 'a.md': 'gull' });
  await skipToHead(state, { newest, deadlineMs: Number.POSITIVE_INFINITY });
  await run();
  expect(seen).toEqual([]);
  await wiki.store.delete([stateKey(wiki.uuid, 'probe')]);
  await commitFiles(wiki, { 'b.md': 'tern' });
  await run();
  await commitFiles(wiki, { 'c.md': 'tern, too' });
  await run();
  expect(seen).toEqual(['page_created c.md']);
});

it('what was told of a commit that was taken back is not counted as told of the one that takes its place', async () => {
  const wiki = await newRepository();
  const { store, uuid } = wiki;
  const files = (name: string) =>
    Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`${name}${n}.md`, name]));
  await commitFiles(wiki, { 'a.md': 'gull' });
  const earlier = await store.get(`ledger/${uuid}`);
  await follower(wiki, { maxEvents: 3 }).run();
  await commitFiles(wiki, files('lost'));
  await expect(follower(wiki, { maxEvents: 3 }).run(0)).rejects.toMatchObject({ code: 'deadline_exceeded' });
  const now = await store.get(`ledger/${uuid}`);
  if (earlier.kind !== 'found' || now.kind !== 'found') throw new Error('There is no ledger');
  await store.put(`ledger/${uuid}`, [earlier.bytes], { ifMatch: now.version });
  const restored = await openRepository({ store, uuid, runtime: systemRuntime });
  await commitFiles(restored, files('new'));
  const { run, seen, state } = follower(restored, { maxEvents: 3 });
  await run();
  expect(seen).toEqual(['history_changed ']);
  await commitFiles(restored, { 'b.md': 'tern' });
  await run();
  expect(seen).toEqual(['history_changed ', 'page_created b.md']);
  expect((await state.read()).told).toBe(0);
});

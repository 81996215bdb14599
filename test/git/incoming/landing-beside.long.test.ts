import { expect, test } from 'vitest';
import { systemRuntime } from '../../../src/core/runtime.ts';
import type { LandingCheck, RefUpdate } from '../../../src/git/incoming/incoming.ts';
import { ledgerKey, MAIN_REF } from '../../../src/git/ledger/ledger.ts';
import { type LedgerRepository, openRepository } from '../../../src/git/open.ts';
import { purgeHistory } from '../../../src/git/purge/purge.ts';
import { collectGarbage } from '../../../src/git/upkeep/gc.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { commitFiles, newRepository } from '../../support/repository.ts';
import { another, filesWith, SECRET, SECRET_BLOB } from '../purge-support.ts';
import { restoreTo, versionedWiki } from '../restore-support.ts';
import { at, cloneOf, commit, expectSound, fetchInto, push } from './push-support.ts';

async function wikiAndCopy() {
  const repository = await newRepository();
  const before = await commitFiles(repository, { 'a.md': 'one\n', 'docs/b.md': 'two\n' });
  return { repository, before, copy: await cloneOf(repository) };
}

/** Lets something happen between the planning of a landing and its swap, once. */
function meanwhile(act: () => Promise<unknown>): LandingCheck {
  let isDone = false;
  return async () => {
    if (isDone) return;
    isDone = true;
    await act();
  };
}

async function logOf(repository: LedgerRepository): Promise<string[]> {
  const found: string[] = [];
  const view = await another(repository).view({ maxAgeMs: 0 });
  for await (const { commit: made } of view.log()) found.push(made.oid);
  return found;
}

test('two pushes of the same commit with another tag each bring it once', async () => {
  const { repository, before, copy } = await wikiAndCopy();
  const after = commit(copy, { 'a.md': 'two\n' });
  const withTag = (name: string): RefUpdate[] => [
    { ref: MAIN_REF, before, after },
    { ref: `refs/tags/${name}`, before: undefined, after },
  ];
  const first = () => push(another(repository), copy, { updates: withTag('first') });
  await push(repository, copy, { updates: withTag('second'), check: meanwhile(first) });
  const { refs } = await another(repository).ledger(0);
  expect(refs).toEqual({ [MAIN_REF]: after, 'refs/tags/first': after, 'refs/tags/second': after });
  expect(await logOf(repository)).toEqual([after, before]);
  await commitFiles(repository, { 'c.md': 'three\n' });
  await repository.flusher.flush();
  expect((await another(repository).view()).ordinal).toBe(2);
  await expectSound(another(repository));
});

test('a branch that names a commit which a purge has replaced meanwhile is refused', async () => {
  const { repository, copy } = await wikiAndCopy();
  await commitFiles(repository, { 'secret.md': SECRET });
  await fetchInto(copy, repository);
  at(copy, 'reset', '--quiet', '--hard', 'origin/main');
  const after = at(copy, 'rev-parse', 'HEAD');
  const updates = [{ ref: 'refs/heads/draft', before: undefined, after }];
  const purge = () => purgeHistory(another(repository), { paths: ['secret.md'], blobs: [] });
  const pushing = push(repository, copy, { updates, check: meanwhile(purge) });
  await expect(pushing).rejects.toMatchObject({ code: 'ref_moved' });
  expect(Object.keys((await another(repository).ledger(0)).refs)).toEqual([MAIN_REF]);
  await expectSound(another(repository));
});

test('a branch that names a commit which a restore has taken back meanwhile is refused', async () => {
  const wiki = await versionedWiki();
  await commitFiles(wiki.repository, { 'a.md': 'one\n' });
  const good = await wiki.current();
  const after = await commitFiles(wiki.repository, { 'a.md': 'two\n' });
  const copy = await cloneOf(wiki.repository);
  const updates = [{ ref: 'refs/heads/draft', before: undefined, after }];
  const check = meanwhile(() => restoreTo(wiki.another(), good));
  await expect(push(wiki.repository, copy, { updates, check })).rejects.toMatchObject({ code: 'ref_moved' });
  expect(Object.keys((await wiki.another().ledger(0)).refs)).toEqual([MAIN_REF]);
  await expectSound(wiki.another());
});

test('a copy from before a purge cannot bring back what was purged by a merge', async () => {
  const { repository, copy } = await wikiAndCopy();
  await commitFiles(repository, { 'secret.md': SECRET });
  await fetchInto(copy, repository);
  at(copy, 'reset', '--quiet', '--hard', 'origin/main');
  await purgeHistory(repository, { paths: ['secret.md'], blobs: [] });
  await fetchInto(copy, repository);
  at(copy, 'merge', '--quiet', '-m', 'Merge', 'origin/main');
  await expect(push(repository, copy)).rejects.toMatchObject({ code: 'revision_purged' });
  const branch = [{ ref: 'refs/heads/old', before: undefined, after: at(copy, 'rev-parse', 'HEAD') }];
  await expect(push(repository, copy, { updates: branch })).rejects.toMatchObject({
    code: 'revision_purged',
  });
  expect((await filesWith(repository, SECRET_BLOB)).filter(key => key.startsWith('ledger/'))).toEqual([]);
  expect(await logOf(repository)).toHaveLength(2);
  await expectSound(repository);
});

test('what was pushed reads the same in a process that has seen nothing of it', async () => {
  const { repository, copy } = await wikiAndCopy();
  for (let n = 0; n < 4; n += 1) commit(copy, { [`docs/deep/p${n % 2}.md`]: `${n}\n`, 'a.md': `${n}\n` });
  const head = commit(copy, { 'docs/b.md': null, 'docs/deep/p0.md': null, 'new/folder/c.md': '1\n' });
  await push(repository, copy);
  const ledger = await repository.ledger(0);
  expect(ledger.journal.position(head)).toBeDefined();
  await expectSound(another(repository));
  const other = another(repository);
  await commitFiles(other, { 'new/folder/d.md': '2\n' });
  await expectSound(another(repository));
  await other.flusher.flush();
  await expectSound(another(repository));
});

test.each(['condemns', 'deletes'])(
  'a landing whose packs a collection %s meanwhile is refused',
  async what => {
    const { repository, before, copy } = await wikiAndCopy();
    at(copy, 'checkout', '--quiet', '-b', 'aside');
    commit(copy, { 'aside.md': 'x\n' });
    at(copy, 'checkout', '--quiet', 'main');
    commit(copy, { 'a.md': 'two\n' });
    at(copy, 'merge', '--quiet', '-m', 'Merge', 'aside');
    const collect = async () => {
      for (const _ of what === 'condemns' ? [1] : [1, 2, 3])
        await collectGarbage(another(repository), { orphanGraceMs: 0, readerGraceMs: 0 });
    };
    const pushing = push(repository, copy, { check: meanwhile(collect) });
    await expect(pushing).rejects.toMatchObject({ code: 'packs_collected' });
    expect(await logOf(repository)).toEqual([before]);
    expect(await push(repository, copy)).toMatchObject({ changed: true, commits: 3 });
    await expectSound(another(repository));
  },
);

test('pages are counted on, whatever way commits land', async () => {
  const repository = await newRepository({ isPage: path => path.endsWith('.md') });
  await commitFiles(repository, { 'a.md': 'one\n', 'picture.png': 'x' });
  const copy = await cloneOf(repository);
  const counted: number[] = [];
  const pushed = async () => {
    await push(repository, copy);
    counted.push((await another(repository).ledger(0)).pages ?? -1);
  };
  commit(copy, { 'b.md': 'two\n', 'docs/c.md': 'three\n' });
  await pushed();
  at(copy, 'checkout', '--quiet', '-b', 'aside');
  commit(copy, { 'd.md': 'four\n', 'a.md': null });
  at(copy, 'checkout', '--quiet', 'main');
  commit(copy, { 'e.md': 'five\n' });
  at(copy, 'merge', '--quiet', '-m', 'Merge', 'aside');
  await pushed();
  commit(copy, { 'b.md': null });
  await pushed();
  expect(counted).toEqual([3, 4, 3]);
});

test('a push whose answer was lost is known to have landed, though others have moved its tag since', async () => {
  const { repository, before, copy } = await wikiAndCopy();
  const after = commit(copy, { 'a.md': 'two\n' });
  const ref = 'refs/tags/v1';
  const updates = [
    { ref: MAIN_REF, before, after },
    { ref, before: undefined, after },
  ];
  const back = [{ ref, before: after, after: before }];
  const moving = loseAnswer(repository, () => push(another(repository), copy, { updates: back }));
  expect(await push(moving, copy, { updates })).toMatchObject({ changed: true, commits: 1 });
  expect((await another(repository).ledger(0)).refs).toEqual({ [MAIN_REF]: after, [ref]: before });
});

test('what became of a push is not known when its answer was lost and others have moved what it had moved', async () => {
  const { repository, before, copy } = await wikiAndCopy();
  const [one, two] = [commit(copy, { 'a.md': 'two\n' }), commit(copy, { 'a.md': 'three\n' })];
  const ref = 'refs/heads/draft';
  await push(repository, copy, { updates: [{ ref, before: undefined, after: two }] });
  const on = [{ ref, before: one, after: before }];
  const moving = loseAnswer(repository, () => push(another(repository), copy, { updates: on }));
  const pushing = push(moving, copy, { updates: [{ ref, before: two, after: one }] });
  await expect(pushing).rejects.toMatchObject({ code: 'outcome_unknown' });
});

/** The wiki in a process that does not hear what became of its first put of the ledger; then others do something. */
function loseAnswer({ store, uuid }: LedgerRepository, then: () => Promise<unknown>): LedgerRepository {
  let isLost = false;
  const losing = new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (name !== 'put') return typeof value === 'function' ? value.bind(target) : value;
      return async (...args: Parameters<ByteStore['put']>) => {
        const outcome = await target.put(...args);
        if (args[0] !== ledgerKey(uuid) || isLost) return outcome;
        isLost = true;
        await then();
        return { kind: 'unknown', cause: new Error('the answer was lost') };
      };
    },
  });
  return openRepository({ store: losing, uuid, runtime: systemRuntime, flush: null });
}

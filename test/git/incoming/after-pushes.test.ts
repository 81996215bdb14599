import { expect, test } from 'vitest';
import { systemRuntime } from '../../../src/core/runtime.ts';
import { ledgerKey, MAIN_REF } from '../../../src/git/ledger/ledger.ts';
import { type LedgerRepository, openRepository } from '../../../src/git/open.ts';
import { purgeHistory } from '../../../src/git/purge/purge.ts';
import type { Draft } from '../../../src/git/repository.ts';
import { collectGarbage } from '../../../src/git/upkeep/gc.ts';
import { rewriteMaps } from '../../../src/git/upkeep/rewrite-maps.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { git } from '../../support/git-command.ts';
import { commitFiles, draftOf, newRepository } from '../../support/repository.ts';
import { another, SECRET } from '../purge-support.ts';
import { at, cloneOf, commit, expectSound, fetchInto, push } from './push-support.ts';

/** Calls `then` when a put of the ledger comes for the first time, and puts; `before` says what is first. */
function interrupted(
  { store, uuid }: LedgerRepository,
  then: () => Promise<unknown>,
  order: 'before' | 'after and unknown',
): LedgerRepository {
  let isDone = false;
  const other = new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (name !== 'put') return typeof value === 'function' ? value.bind(target) : value;
      return async (...args: Parameters<ByteStore['put']>) => {
        if (args[0] !== ledgerKey(uuid) || isDone) return await target.put(...args);
        isDone = true;
        if (order === 'before') await then();
        const outcome = await target.put(...args);
        if (order === 'before') return outcome;
        await then();
        return { kind: 'unknown', cause: new Error('the answer was lost') };
      };
    },
  });
  return openRepository({ store: other, uuid, runtime: systemRuntime, flush: null });
}

/** A wiki whose head is a merge that has the head of before as its second parent, and what its log tells. */
async function mergedWiki() {
  const repository = await newRepository();
  await commitFiles(repository, { 'a.md': 'one\n', 'secret.md': SECRET });
  const copy = await cloneOf(repository);
  commit(copy, { 'a.md': 'mine\n' }, 'Mine');
  await commitFiles(repository, { 'b.md': 'theirs\n' }, 'Theirs');
  await fetchInto(copy, repository);
  at(copy, 'merge', '--quiet', '-m', 'Merge', 'origin/main');
  await push(repository, copy);
  await commitFiles(repository, { 'c.md': 'later\n' });
  await repository.flusher.flush();
  return repository;
}

/** Newest first; what is not on the main line last. */
async function lineOf(repository: LedgerRepository): Promise<[number, string][]> {
  const view = await another(repository).view({ maxAgeMs: 0 });
  const line: [number, string][] = [];
  for await (const { commit: made } of view.log()) line.push([made.ordinal, made.message]);
  return line.sort(([one], [other]) => other - one);
}

test('a clock that was ahead where something was committed does not lead the wiki astray', async () => {
  const repository = await newRepository();
  const before = await commitFiles(repository, { 'a.md': 'one\n' });
  const copy = await cloneOf(repository);
  for (const kind of ['journal', 'packs']) {
    const env = { GIT_AUTHOR_DATE: '4070908800 +0000', GIT_COMMITTER_DATE: '4070908800 +0000' };
    const parents = kind === 'journal' ? ['-p', 'HEAD'] : ['-p', 'HEAD', '-p', before];
    const args = ['commit-tree', '-m', 'From the future', ...parents, 'HEAD^{tree}'];
    const head = git(copy, args, { env }).toString().trim();
    at(copy, 'reset', '--quiet', '--hard', head);
    expect(await push(repository, copy)).toMatchObject({ commits: 1, head });
    const nowSeconds = Math.ceil(Date.now() / 1000);
    expect((await repository.ledger(0)).headSeconds).toBeLessThanOrEqual(nowSeconds);
    const next = await commitFiles(repository, { [`${kind}.md`]: 'x\n' });
    const written = await (await repository.view()).commit(next);
    expect(written?.committer.seconds).toBeLessThanOrEqual(nowSeconds + 60);
    await fetchInto(copy, repository);
    at(copy, 'reset', '--quiet', '--hard', 'origin/main');
  }
});

test('the main line goes the same way when maps are made anew, packs are merged and contents purged', async () => {
  const repository = await mergedWiki();
  const line = await lineOf(repository);
  expect(line.map(([ordinal]) => ordinal)).toEqual([3, 2, 1, 0, -1]);
  await rewriteMaps(repository);
  expect(await lineOf(repository)).toEqual(line);
  await purgeHistory(repository, { paths: ['secret.md'], blobs: [] });
  expect(await lineOf(repository)).toEqual(line);
  await rewriteMaps(repository);
  await collectGarbage(repository, { orphanGraceMs: 0, readerGraceMs: 0 });
  expect(await lineOf(repository)).toEqual(line);
  await expectSound(another(repository));
});

test('a branch that is removed while contents are purged is known to have left something', async () => {
  const repository = await newRepository();
  await commitFiles(repository, { 'a.md': 'one\n', 'secret.md': SECRET });
  const copy = await cloneOf(repository);
  const branch = commit(copy, { 'only-there.md': 'text\n' });
  const ref = 'refs/heads/draft';
  await push(repository, copy, { updates: [{ ref, before: undefined, after: branch }] });
  const remove = async () => {
    const { refs } = await another(repository).ledger(0);
    const updates = [{ ref, before: refs[ref], after: undefined }];
    await push(another(repository), copy, { updates });
  };
  await repository.flusher.flush();
  const purging = interrupted(repository, remove, 'before');
  await purgeHistory(purging, { paths: ['secret.md'], blobs: [] });
  const { refs, strays } = await another(repository).ledger(0);
  expect([Object.keys(refs), strays]).toEqual([[MAIN_REF], true]);
  await expectSound(another(repository));
});

test('a write whose answer was lost is told from a commit that was pushed with its name', async () => {
  const repository = await newRepository();
  const before = await commitFiles(repository, { 'a.md': 'one\n' });
  const copy = await cloneOf(repository);
  let written = '';
  const pushCopies = async () => {
    const other = another(repository);
    await fetchInto(copy, other);
    written = at(copy, 'rev-parse', 'origin/main');
    const bytes = git(copy, ['cat-file', 'commit', written]).toString();
    expect(bytes).toContain('\nkittiwake-request ');
    const input = bytes.replace(`parent ${before}`, `parent ${written}`);
    const after = git(copy, ['hash-object', '-t', 'commit', '-w', '--stdin'], { input }).toString().trim();
    await push(other, copy, { updates: [{ ref: MAIN_REF, before: written, after }] });
    await other.flusher.flush();
  };
  const writing = interrupted(repository, pushCopies, 'after and unknown');
  expect(await commitFiles(writing, { 'a.md': 'two\n' })).toBe(written);
  expect(await lineOf(repository)).toHaveLength(3);
});

test('a request that was carried out is known when a push has flushed the journal since', async () => {
  const repository = await newRepository();
  await commitFiles(repository, { 'a.md': 'one\n' });
  const copy = await cloneOf(repository);
  commit(copy, { 'a.md': 'mine\n' });
  const request = (key: string, draft?: Draft) => ({
    idempotency: { key: key.repeat(64), fingerprint: 'f'.repeat(64) },
    plan: async () =>
      draft
        ? { kind: 'commit' as const, draft, result: ({ oid }: { oid: string }) => oid }
        : { kind: 'keep' as const, result: 'kept' },
  });
  const written = await repository.commit(request('1', draftOf({ 'b.md': 'theirs\n' })));
  await fetchInto(copy, repository);
  at(copy, 'merge', '--quiet', '-m', 'Merge', 'origin/main');
  await repository.commit(request('2'));
  await push(repository, copy);
  expect((await repository.ledger(0)).journal.count).toBe(0);
  const again = await another(repository).commit(request('1', draftOf({ 'b.md': 'theirs\n' })));
  expect(again).toEqual({ result: written.result, replayed: true });
  const kept = await another(repository).commit(request('2', draftOf({ 'c.md': 'not written\n' })));
  expect(kept).toEqual({ result: 'kept', replayed: true });
});

test('a write whose answer was lost is found below a merge that was pushed onto it', async () => {
  const repository = await newRepository();
  await commitFiles(repository, { 'a.md': 'one\n' });
  const copy = await cloneOf(repository);
  commit(copy, { 'a.md': 'mine\n' });
  let written = '';
  const pushMerge = async () => {
    const other = another(repository);
    await fetchInto(copy, other);
    written = at(copy, 'rev-parse', 'origin/main');
    at(copy, 'merge', '--quiet', '-m', 'Merge', 'origin/main');
    await push(other, copy);
  };
  const writing = interrupted(repository, pushMerge, 'after and unknown');
  expect(await commitFiles(writing, { 'b.md': 'two\n' })).toBe(written);
  expect(await lineOf(repository)).toHaveLength(4);
});

test('an empty folder that was pushed stays, as git has it', async () => {
  const repository = await newRepository();
  await commitFiles(repository, { 'a.md': 'one\n' });
  const copy = await cloneOf(repository);
  const empty = git(copy, ['hash-object', '-t', 'tree', '-w', '--stdin'], { input: '' }).toString().trim();
  const input = `${at(copy, 'ls-tree', 'HEAD')}\n040000 tree ${empty}\tempty\n`;
  const tree = git(copy, ['mktree'], { input }).toString().trim();
  at(copy, 'reset', '--quiet', '--hard', at(copy, 'commit-tree', '-m', 'Empty folder', '-p', 'HEAD', tree));
  await push(repository, copy);
  await commitFiles(another(repository), { 'docs/b.md': 'two\n' });
  await another(repository).flusher.flush();
  await expectSound(another(repository));
  await fetchInto(copy, another(repository));
  expect(at(copy, 'rev-parse', 'origin/main:empty')).toBe(empty);
});

import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { examine } from '../../src/git/doctor/doctor.ts';
import { packKey } from '../../src/git/ledger/ledger.ts';
import { hashObject } from '../../src/git/object/object-codec.ts';
import { MODE_FILE, MODE_FOLDER } from '../../src/git/object/objects.ts';
import { type LedgerRepository, openRepository } from '../../src/git/open.ts';
import { eraseOld } from '../../src/git/purge/erase-old.ts';
import { planPurge, purgeHistory } from '../../src/git/purge/purge.ts';
import type { PurgeRequest } from '../../src/git/purge/selection.ts';
import { Tree } from '../../src/git/tree/tree.ts';
import { mergeNewest } from '../../src/git/upkeep/merge.ts';
import { createDiskByteStore } from '../../src/storage/disk.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { commitFiles, draftOf, newRepository } from '../support/repository.ts';
import {
  addPack,
  addRef,
  another,
  filesThatTell,
  filesWith,
  historyOf,
  SECRET,
  SECRET_BLOB,
  soundObjects,
} from './purge-support.ts';
import { restoreTo, versionedWiki } from './restore-support.ts';

const isPage = (path: string) => path.endsWith('.md');

/** Removes it from history and store. */
async function purge(repository: LedgerRepository, request: Partial<PurgeRequest>) {
  const report = await purgeHistory(repository, { paths: [], blobs: [], ...request });
  await eraseOld(repository, []);
  return report;
}

/** A wiki that once had the secret at two paths: in a pack, and in its journal. */
async function leakyWiki(options: Parameters<typeof newRepository>[0] = {}) {
  const repository = await newRepository({ isPage, ...options });
  const oids: string[] = [];
  const commit = async (files: Record<string, string | null>, message: string) =>
    oids.push(await commitFiles(repository, files, message));
  await commit({ 'a.md': 'first', 'docs/b.md': 'b' }, 'begin');
  await commit({ 'docs/secret.md': SECRET, 'docs/c.md': 'c' }, 'leak');
  await repository.flusher.flush();
  await commit({ 'copy.md': SECRET, 'a.md': 'second' }, 'copy');
  await commit({ 'docs/secret.md': 'harmless now' }, 'clean up');
  await commit({ 'a.md': 'third' }, 'go on');
  return { repository, oids };
}

describe('a purge by path', () => {
  test('takes all that the path ever held out of every commit, and keeps everything else', async () => {
    const { repository } = await leakyWiki();
    const before = await historyOf(repository);
    const report = await purge(repository, { paths: ['docs/secret.md'] });
    expect(report.rewritten).toBe(4);
    const after = await historyOf(another(repository));
    expect(after.log).toEqual(before.log);
    expect(after.files).toEqual({ 'a.md': 'third', 'docs/b.md': 'b', 'docs/c.md': 'c' });
    expect(await filesWith(repository, SECRET_BLOB)).toEqual([]);
    expect([...(await soundObjects(another(repository))).keys()]).not.toContain(SECRET_BLOB);
  });

  test('leaves commits older than the content their ids', async () => {
    const { repository, oids } = await leakyWiki();
    await purge(repository, { paths: ['docs/secret.md'] });
    const view = await repository.view();
    const [begin = '', ...later] = oids;
    expect((await view.commit(begin))?.message).toBe('begin\n');
    for (const oid of later) {
      expect(await view.commit(oid)).toBeUndefined();
      expect(await view.isPurged(oid)).toBe(true);
      expect(await view.isPurged(oid.slice(0, 7))).toBe(true);
    }
    expect(await view.isPurged(begin)).toBe(false);
    expect(await view.isPurged('0'.repeat(40))).toBe(false);
  });

  test('with --path-only leaves the same content under other names', async () => {
    const { repository } = await leakyWiki();
    await purge(repository, { paths: ['docs/secret.md'], pathOnly: true });
    const { files } = await historyOf(repository);
    expect(files).toEqual({ 'a.md': 'third', 'docs/b.md': 'b', 'docs/c.md': 'c', 'copy.md': SECRET });
    await soundObjects(another(repository));
  });

  test('leaves empty files elsewhere alone, which have one content', async () => {
    const repository = await newRepository();
    await commitFiles(repository, { 'a.md': '', 'b.md': '' });
    await purge(repository, { paths: ['a.md'] });
    expect((await historyOf(repository)).files).toEqual({ 'b.md': '' });
  });

  test('of the only file leaves a history of empty commits that git accepts', async () => {
    const repository = await newRepository();
    await commitFiles(repository, { 'folder/only.md': SECRET });
    await commitFiles(repository, { 'folder/only.md': 'changed' });
    await purge(repository, { paths: ['folder/only.md'] });
    const { log, files } = await historyOf(another(repository));
    expect([log.length, files]).toEqual([2, {}]);
    await soundObjects(another(repository));
    await commitFiles(another(repository), { 'new.md': 'new' });
    expect((await historyOf(repository)).files).toEqual({ 'new.md': 'new' });
  });
});

describe('a purge by id', () => {
  test('takes the content from every path', async () => {
    const { repository } = await leakyWiki();
    await purge(repository, { blobs: [SECRET_BLOB] });
    const { files } = await historyOf(repository);
    expect(files['docs/secret.md']).toBe('harmless now');
    expect(Object.keys(files)).not.toContain('copy.md');
    expect(await filesWith(repository, SECRET_BLOB)).toEqual([]);
  });

  test('takes a large file with its own pack', async () => {
    const repository = await newRepository();
    const noise = randomBytes(200_000).toString('latin1');
    await commitFiles(repository, { 'a.md': 'a', 'large.bin': noise });
    const oid = (await (await repository.view()).file('large.bin'))?.oid ?? '';
    await purge(repository, { blobs: [oid] });
    expect((await historyOf(repository)).files).toEqual({ 'a.md': 'a' });
    expect(await filesWith(repository, oid)).toEqual([]);
    await soundObjects(another(repository));
  });

  test('also reaches what others have stored and condemned by clocks that go before', async () => {
    const early = { ...systemRuntime, now: () => Date.now() - 3_600_000 };
    const { repository } = await leakyWiki();
    const behind = openRepository({ store: repository.store, uuid: repository.uuid, runtime: early, isPage });
    await repository.flusher.flush();
    await mergeNewest(repository, {});
    await addPack(repository, [{ type: 'blob', bytes: Buffer.from(SECRET) }]);
    await purge(behind, { blobs: [SECRET_BLOB] });
    expect(await filesWith(repository, SECRET_BLOB)).toEqual([]);
    await soundObjects(another(repository));
  });

  test('of what no commit holds changes nothing', async () => {
    const { repository } = await leakyWiki();
    await repository.flusher.flush();
    const { stamp } = await repository.ledger(0);
    const report = await purgeHistory(repository, { paths: ['no/such.md'], blobs: ['1'.repeat(40)] });
    expect(report).toMatchObject({ rewritten: 0, commits: [] });
    expect((await repository.ledger(0)).stamp).toEqual(stamp);
  });
});

describe('a purge', () => {
  test('tells beforehand which commits brought the content in, and where', async () => {
    const { repository, oids } = await leakyWiki();
    const plan = await planPurge(repository, { paths: ['docs/secret.md'], blobs: [] });
    expect(plan.commits.map(({ oid, paths }) => [oid, paths])).toEqual([
      [oids[3], ['docs/secret.md']],
      [oids[2], ['copy.md']],
      [oids[1], ['docs/secret.md']],
    ]);
    expect((await repository.view({ maxAgeMs: 0 })).head).toBe(oids[4]);
  });

  test('leaves no bytes of it in the folder of the store, where older ledgers were', async () => {
    const folder = temporaryFolder();
    const { repository } = await leakyWiki({ store: createDiskByteStore({ folder }) });
    expect(await filesThatTell(folder, SECRET)).not.toEqual([]);
    await purge(repository, { paths: ['docs/secret.md'] });
    expect(await filesThatTell(folder, SECRET)).toEqual([]);
  });

  test('leaves no version of it in a bucket that keeps versions', async () => {
    const wiki = await versionedWiki();
    const { store, uuid } = wiki.repository;
    await commitFiles(wiki.repository, { 'a.md': 'a' });
    await commitFiles(wiki.repository, { 'secret.md': SECRET });
    const leaked = await wiki.current();
    await wiki.repository.flusher.flush();
    const before = (await store.list(`packs/${uuid}/`)).objects.map(({ key }) => key);
    await purge(wiki.repository, { paths: ['secret.md'] });
    for (const key of before)
      for await (const { isDeleted } of store.versions?.(key) ?? []) expect(isDeleted, key).toBe(true);
    await expect(restoreTo(wiki.another(), leaked)).rejects.toMatchObject({ code: 'version_not_found' });
    expect(await filesWith(wiki.another(), SECRET_BLOB)).toEqual([]);
  });

  test('cannot be undone by restoring a version that was kept after all', async () => {
    const wiki = await versionedWiki();
    await commitFiles(wiki.repository, { 'a.md': 'a', 'secret.md': SECRET });
    const leaked = await wiki.current();
    await purgeHistory(wiki.repository, { paths: ['secret.md'], blobs: [] });
    await expect(restoreTo(wiki.another(), leaked)).rejects.toMatchObject({ code: 'restore_purged' });
  });

  test('goes on from an earlier one: both keep their revisions known', async () => {
    const { repository, oids } = await leakyWiki();
    await purge(repository, { paths: ['docs/secret.md'] });
    const middle = (await repository.view()).head ?? '';
    await commitFiles(repository, { 'z.md': 'last' });
    await purge(repository, { paths: ['a.md'] });
    const view = await another(repository).view();
    for (const oid of [...oids, middle]) expect(await view.isPurged(oid), oid).toBe(true);
    expect((await historyOf(repository)).files).toEqual({
      'docs/b.md': 'b',
      'docs/c.md': 'c',
      'z.md': 'last',
    });
    await soundObjects(another(repository));
  });

  test('leaves a list of replaced commits that doctor verifies', async () => {
    const { repository } = await leakyWiki();
    await purge(repository, { paths: ['docs/secret.md'] });
    const { store, uuid } = repository;
    const { name = '' } = (await repository.ledger(0)).gone ?? {};
    await store.delete([packKey(uuid, name, 'gone')]);
    const found = await examine(another(repository));
    expect(found.findings.map(({ code }) => code)).toEqual(['gone_missing']);
    await store.put(packKey(uuid, name, 'gone'), [Buffer.alloc(80)], { immutable: true });
    const { findings } = await examine(another(repository));
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['gone_corrupt']));
  });

  test('keeps policy, page count and what follows right', async () => {
    const { repository } = await leakyWiki();
    await repository.changePolicy(() => ({ policy: { a: 1 }, result: null }));
    await purge(repository, { paths: ['docs/secret.md'] });
    const view = await another(repository).view();
    expect(view.policy).toEqual({ a: 1 });
    expect(await view.usage()).toMatchObject({ pages: 3 });
    await commitFiles(repository, { 'd.md': 'd' });
    expect(await (await repository.view()).usage()).toMatchObject({ pages: 4 });
  });

  test('answers a repeated request as before, by the new id of its commit', async () => {
    const { repository } = await leakyWiki();
    const idempotency = { key: 'a1'.repeat(32), fingerprint: 'b2'.repeat(32) };
    const write = () =>
      another(repository).commit({
        plan: async () => ({ kind: 'commit', draft: draftOf({ 'k.md': 'k' }), result: made => made.oid }),
        idempotency,
      });
    await write();
    await purge(repository, { paths: ['docs/secret.md'] });
    const { head } = await repository.view();
    expect(await write()).toEqual({ result: head, replayed: true });
  });

  test('does not carry a request out again whose result names what went', async () => {
    const { repository } = await leakyWiki();
    const write = () =>
      another(repository).commit({
        plan: async () => ({ kind: 'commit', draft: draftOf({ 's.md': SECRET }), result: () => SECRET_BLOB }),
        idempotency: { key: 'a1'.repeat(32), fingerprint: 'b2'.repeat(32) },
      });
    await write();
    await purge(repository, { blobs: [SECRET_BLOB] });
    await expect(write()).rejects.toMatchObject({ code: 'idempotency_mismatch' });
    expect(await filesWith(repository, SECRET_BLOB)).toEqual([]);
  });

  test('rewrites every branch and tag, and leaves no signature that would not hold', async () => {
    const { repository, oids } = await leakyWiki();
    const [begin = '', leak = ''] = oids;
    const draft = { type: 'blob' as const, bytes: Buffer.from('a draft of the secret') };
    const docs = Tree.from([{ name: 'secret.md', mode: MODE_FILE, oid: hashObject('blob', draft.bytes) }]);
    const tree = Tree.from([
      { name: 'other.md', mode: MODE_FILE, oid: SECRET_BLOB },
      { name: 'docs', mode: MODE_FOLDER, oid: docs.oid },
    ]);
    const signed = [`tree ${tree.oid}`, `parent ${begin}`, ...SIGNED, '', 'aside', ''].join('\n');
    const objects = [
      draft,
      { type: 'tree' as const, bytes: docs.bytes() },
      { type: 'tree' as const, bytes: tree.bytes() },
      { type: 'commit' as const, bytes: Buffer.from(signed) },
    ];
    await addRef(repository, 'refs/heads/aside', objects);
    const text = `object ${leak}\ntype commit\ntag v1\ntagger ${ANN}\n\nfirst\n`;
    const tag = { type: 'tag' as const, bytes: Buffer.from(`${text}-----BEGIN PGP SIGNATURE-----\n`) };
    await addRef(repository, 'refs/tags/v1', [tag]);
    await purge(repository, { paths: ['docs/secret.md'] });
    const { refs } = await repository.ledger(0);
    const made = await soundObjects(another(repository));
    const aside = made.get(refs['refs/heads/aside'] ?? '')?.bytes.toString();
    expect(aside).toBe([`tree ${EMPTY_TREE}`, `parent ${begin}`, ...UNSIGNED, '', 'aside', ''].join('\n'));
    const target = /^object (.+)$/m.exec(made.get(refs['refs/tags/v1'] ?? '')?.bytes.toString() ?? '')?.[1];
    expect((await (await repository.view()).commit(target ?? ''))?.message).toBe('leak\n');
    expect(made.get(refs['refs/tags/v1'] ?? '')?.bytes.toString()).toBe(text.replace(leak, target ?? ''));
    expect([...made.keys()]).not.toContain(SECRET_BLOB);
  });
});

const ANN = 'Ann <ann@example.org> 1700000000 +0000';
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const UNSIGNED = [`author ${ANN}`, `committer ${ANN}`];
const SIGNED = [
  ...UNSIGNED,
  'gpgsig -----BEGIN PGP SIGNATURE-----',
  ' ',
  ' abcd',
  ' -----END PGP SIGNATURE-----',
];

describe('contents that no commit of the history holds', () => {
  const blob = { type: 'blob' as const, bytes: Buffer.from(SECRET) };

  test('go from the pack that has them', async () => {
    const repository = await newRepository({ isPage });
    await commitFiles(repository, { 'a.md': 'first' });
    await addRef(repository, 'refs/heads/gone', [blob]);
    await repository.amend<true>({
      apply: async ({ refs, ...current }) => {
        const { 'refs/heads/gone': _, ...kept } = refs;
        return { kind: 'change', value: { ...current, refs: kept }, result: true };
      },
      settle: async () => undefined,
    });
    expect(await filesWith(repository, SECRET_BLOB)).not.toEqual([]);
    await purge(repository, { blobs: [SECRET_BLOB] });
    expect(await filesWith(repository, SECRET_BLOB)).toEqual([]);
    await soundObjects(another(repository));
  });

  test('go with the ref that names them', async () => {
    const repository = await newRepository({ isPage });
    await commitFiles(repository, { 'a.md': 'first' });
    await addRef(repository, 'refs/tags/secret', [blob]);
    await purge(repository, { blobs: [SECRET_BLOB] });
    expect(await filesWith(repository, SECRET_BLOB)).toEqual([]);
    expect((await repository.ledger(0)).refs).not.toHaveProperty('refs/tags/secret');
    await soundObjects(another(repository));
  });
});

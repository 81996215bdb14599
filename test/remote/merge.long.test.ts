import { expect, test } from 'vitest';
import type { PathConflict } from '../../src/remote/remote.ts';
import { gitHost } from '../support/git-host.ts';
import { type RemoteWiki, remoteWiki } from './remote-wiki.ts';

type Files = Readonly<Record<string, string | Buffer | null>>;

/** Both sides begin with `before`; what each of them then does to files is merged. Resolves with the files and the conflicts. */
async function merged(
  before: Files,
  ours: (wiki: RemoteWiki) => Promise<unknown>,
  theirs: Files,
  prefer: 'ours' | 'theirs' = 'ours',
) {
  const [host, wiki] = [await gitHost(), await remoteWiki()];
  host.commit(before);
  await wiki.connect(host.url, { prefer });
  await wiki.pull();
  await ours(wiki);
  const kept = host.commit(theirs);
  const { pull } = await wiki.pull();
  const { status } = await (await wiki.remotes()).read('host');
  const conflicts: readonly PathConflict[] = status.conflicts[0]?.paths ?? [];
  await wiki.push();
  host.run('fsck', '--strict', '--full');
  // Nothing of either side is lost, whatever stays in the newest commit.
  host.run('merge-base', '--is-ancestor', kept, 'main');
  const files: Record<string, string> = {};
  for (const path of host.run('ls-tree', '-r', '--name-only', 'main').split('\n'))
    files[path] = host.text(path);
  return { files, conflicts, outcome: pull?.outcome };
}

const rename = (path: string, to: string) => async (wiki: RemoteWiki) => {
  const { body } = await wiki.call('GET', `/pages/${path}`);
  const made = await wiki.call('POST', `/pages/${path}/rename`, { new_path: to, revision: body.revision });
  expect(made.status).toBe(200);
};

const remove = (path: string) => async (wiki: RemoteWiki) => {
  const { body } = await wiki.call('GET', `/pages/${path}`);
  expect((await wiki.call('DELETE', `/pages/${path}`, { revision: body.revision })).status).toBe(200);
};

const TEXT = 'a\nb\nc\nd\ne\n';

test('a page that was renamed here and edited there is edited under its new name', async () => {
  const { files, outcome } = await merged({ 'old.md': TEXT, 'x.md': 'x\n' }, rename('old', 'new'), {
    'old.md': 'a\nb\nc\nd\nE\n',
  });
  expect([outcome, files]).toEqual(['merged', { 'new.md': 'a\nb\nc\nd\nE\n', 'x.md': 'x\n' }]);
});

test('a page that was edited here and renamed there is renamed with the edit', async () => {
  const edit = (wiki: RemoteWiki) => wiki.write('old', 'A\nb\nc\nd\ne\n');
  const { files, outcome } = await merged({ 'old.md': TEXT }, edit, { 'old.md': null, 'new.md': TEXT });
  expect([outcome, files]).toEqual(['merged', { 'new.md': 'A\nb\nc\nd\ne\n' }]);
});

test('a page that both have renamed keeps our name, and that is told', async () => {
  const { files, conflicts } = await merged({ 'old.md': TEXT }, rename('old', 'here'), {
    'old.md': null,
    'there.md': TEXT,
  });
  expect(files).toEqual({ 'here.md': TEXT });
  expect(conflicts).toEqual([{ path: 'there.md', kind: 'renamed_twice', other: 'here.md' }]);
});

test('what was deleted here and edited there stays deleted, and that is told', async () => {
  const before = { 'a.md': TEXT, 'b.md': 'b\n' };
  const { files, conflicts } = await merged(before, remove('a'), { 'a.md': 'changed\n' });
  expect(files).toEqual({ 'b.md': 'b\n' });
  expect(conflicts).toEqual([{ path: 'a.md', kind: 'deleted_here' }]);
});

test('with theirs preferred, the version that was pulled stays', async () => {
  const edit = (wiki: RemoteWiki) => wiki.write('a', 'ours\n');
  const { files, conflicts } = await merged({ 'a.md': TEXT }, edit, { 'a.md': 'theirs\n' }, 'theirs');
  expect(files).toEqual({ 'a.md': 'theirs\n' });
  expect(conflicts).toEqual([{ path: 'a.md', kind: 'edited' }]);
});

test('what both have added differently is a conflict, and the same is none', async () => {
  const add = async (wiki: RemoteWiki) => {
    await wiki.write('new', 'ours\n');
    await wiki.write('same', 'same\n');
  };
  const { files, conflicts } = await merged({ 'a.md': 'a\n' }, add, {
    'new.md': 'theirs\n',
    'same.md': 'same\n',
  });
  expect(files).toEqual({ 'a.md': 'a\n', 'new.md': 'ours\n', 'same.md': 'same\n' });
  expect(conflicts).toEqual([{ path: 'new.md', kind: 'added' }]);
});

test('bytes are not merged by lines', async () => {
  const attach = async (wiki: RemoteWiki) => {
    const body = { filename: 'a.bin', content: Buffer.from([0, 1, 10, 2]).toString('base64') };
    const known = await wiki.call('GET', '/pages/page/attachments');
    const { revision } = known.body.attachments[0];
    expect((await wiki.call('POST', '/pages/page/attachments', { ...body, revision })).status).toBeLessThan(
      300,
    );
  };
  const before = { 'page.md': 'p\n', 'page/a.bin': Buffer.from([0, 1, 10, 9]) };
  const { conflicts } = await merged(before, attach, { 'page/a.bin': Buffer.from([0, 7, 10, 9]) });
  expect(conflicts).toEqual([{ path: 'page/a.bin', kind: 'edited' }]);
});

test('a file there and a folder here, and names that differ in case alone, are told and harm nothing', async () => {
  const write = async (wiki: RemoteWiki) => {
    await wiki.write('docs/deep', 'ours\n');
    await wiki.write('alike', 'ours\n');
  };
  const { files, conflicts } = await merged({ 'a.md': 'a\n' }, write, {
    docs: 'a file\n',
    'Alike.md': 'theirs\n',
    'fine.md': 'f\n',
  });
  expect(files).toEqual({ 'a.md': 'a\n', 'alike.md': 'ours\n', 'docs/deep.md': 'ours\n', 'fine.md': 'f\n' });
  expect(conflicts).toEqual([
    { path: 'Alike.md', kind: 'case', other: 'alike.md' },
    { path: 'docs', kind: 'file_and_folder', other: 'docs' },
  ]);
});

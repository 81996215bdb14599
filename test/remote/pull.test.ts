import { expect, test } from 'vitest';
import { gitHost } from '../support/git-host.ts';
import { remoteWiki } from './remote-wiki.ts';

test('an empty wiki takes over the history of a remote as it is', async () => {
  const [host, wiki] = [await gitHost(), await remoteWiki()];
  host.commit({ 'home.md': 'one\n' });
  const head = host.commit({ 'docs/intro.md': 'two\n' });
  await wiki.connect(host.url);
  const { pull } = await wiki.pull();
  expect(pull).toMatchObject({ outcome: 'fast_forward', commits: 2, theirs: head });
  expect(await wiki.head()).toBe(head);
  expect(await wiki.text('docs/intro')).toBe('two\n');
  expect((await wiki.pull()).pull?.outcome).toBe('up_to_date');
});

test('what both sides have written comes together in a merge, which is pushed', async () => {
  const [host, wiki] = [await gitHost(), await remoteWiki()];
  host.commit({ 'home.md': 'a\nb\nc\nd\ne\n' });
  await wiki.connect(host.url);
  await wiki.pull();
  const ours = await wiki.write('home', 'A\nb\nc\nd\ne\n');
  const theirs = host.commit({ 'home.md': 'a\nb\nc\nd\nE\n', 'other.md': 'x\n' });
  expect((await wiki.pull()).pull).toMatchObject({ outcome: 'merged', theirs, commits: 1 });
  expect(await wiki.text('home')).toBe('A\nb\nc\nd\nE\n');
  expect((await wiki.push()).push).toMatchObject({ outcome: 'pushed', before: theirs });
  expect(host.text('home.md')).toBe('A\nb\nc\nd\nE\n');
  expect(host.run('log', '-1', '--format=%P', 'main')).toBe(`${ours} ${theirs}`);
  expect(host.run('rev-parse', 'main')).toBe(await wiki.head());
  host.run('fsck', '--strict', '--full');
});

test('a wiki is pushed into an empty repository, and on from there', async () => {
  const [host, wiki] = [await gitHost(), await remoteWiki()];
  await wiki.connect(host.url);
  expect((await wiki.push()).push?.outcome).toBe('empty');
  await wiki.write('home', 'one\n');
  expect((await wiki.push()).push).toMatchObject({ outcome: 'pushed', before: null });
  await wiki.write('docs/more', 'two\n');
  await wiki.push();
  expect(host.text('docs/more.md')).toBe('two\n');
  expect((await wiki.push()).push?.outcome).toBe('up_to_date');
  host.run('fsck', '--strict', '--full');
});

test('what both sides have changed differently is told, ours stays, and theirs is kept aside', async () => {
  const [host, wiki] = [await gitHost(), await remoteWiki()];
  host.commit({ 'home.md': 'a\n', 'gone.md': 'g\n', 'kept.md': 'k\n' });
  await wiki.connect(host.url);
  await wiki.pull();
  await wiki.write('home', 'ours\n');
  await wiki.write('gone', 'changed here\n');
  const theirs = host.commit({ 'home.md': 'theirs\n', 'gone.md': null, 'new.md': 'n\n' });
  expect((await wiki.pull()).pull?.outcome).toBe('conflicts');
  expect(await wiki.text('home')).toBe('ours\n');
  expect(await wiki.text('gone')).toBe('changed here\n');
  expect(await wiki.text('new')).toBe('n\n');
  const remote = await (await wiki.remotes()).read('host');
  expect(remote.status.conflicts).toMatchObject([
    {
      theirs,
      ref: `refs/heads/conflicts/host/${theirs.slice(0, 12)}`,
      paths: [
        { path: 'gone.md', kind: 'deleted_there' },
        { path: 'home.md', kind: 'edited' },
      ],
    },
  ]);
  const { ledger } = await (await wiki.service.repository()).view({ maxAgeMs: 0 });
  expect(ledger.refs[`refs/heads/conflicts/host/${theirs.slice(0, 12)}`]).toBe(theirs);
  // It goes on: the same is no conflict again, and what comes later is merged.
  expect((await wiki.pull()).pull?.outcome).toBe('up_to_date');
  host.commit({ 'later.md': 'l\n' });
  expect((await wiki.pull()).pull?.outcome).toBe('merged');
  expect((await wiki.push()).push?.outcome).toBe('pushed');
  expect(host.text('home.md')).toBe('ours\n');
});

import { expect, test } from 'vitest';
import { gitHost } from '../support/git-host.ts';
import { remoteWiki } from './remote-wiki.ts';

test('a history that was replaced over there is kept aside and told, and merged when that is accepted', async () => {
  const [host, wiki] = [await gitHost(), await remoteWiki()];
  const first = host.commit({ 'home.md': 'one\n' });
  host.commit({ 'second.md': 'two\n' });
  await wiki.connect(host.url);
  await wiki.pull();
  const before = await wiki.head();
  const theirs = host.commit({ 'other.md': 'other\n' }, { onto: first });
  await expect(wiki.pull()).rejects.toMatchObject({ code: 'remote_rewritten' });
  expect(await wiki.head()).toBe(before);
  const ref = `refs/heads/conflicts/host/${theirs.slice(0, 12)}`;
  const { ledger } = await (await wiki.service.repository()).view({ maxAgeMs: 0 });
  expect(ledger.refs[ref]).toBe(theirs);
  // The second time nothing is fetched, and it is told once.
  const asked = host.requests.length;
  await expect(wiki.pull()).rejects.toMatchObject({ code: 'remote_rewritten' });
  expect(host.requests.slice(asked).map(({ line }) => line.split(' ')[0])).toEqual(['GET', 'POST']);
  const { status } = await (await wiki.remotes()).read('host');
  expect(status).toMatchObject({ failures: 2, conflicts: [{ theirs, ref, paths: [] }] });
  expect(status.conflicts).toHaveLength(1);
  await expect(wiki.push()).rejects.toMatchObject({ code: 'remote_rewritten' });
  expect((await wiki.pull({ acceptRewritten: true })).pull?.outcome).toBe('merged');
  expect((await wiki.push()).push?.outcome).toBe('pushed');
  expect([host.text('other.md'), host.text('second.md')]).toEqual(['other\n', 'two\n']);
});

test('histories with nothing in common are refused, and nothing of them is kept', async () => {
  const [host, wiki] = [await gitHost(), await remoteWiki()];
  host.commit({ 'home.md': 'one\n' });
  const head = await wiki.write('own', 'own\n');
  await wiki.connect(host.url);
  await expect(wiki.pull()).rejects.toMatchObject({ code: 'remote_unrelated' });
  const { ledger } = await (await wiki.service.repository()).view({ maxAgeMs: 0 });
  expect(ledger.refs).toEqual({ 'refs/heads/main': head });
});

test('what is only pushed is refused when the other side has more, and nothing there is lost', async () => {
  const [host, wiki] = [await gitHost(), await remoteWiki()];
  await wiki.write('home', 'one\n');
  await wiki.connect(host.url, { pull: false });
  await wiki.push();
  const theirs = host.commit({ 'theirs.md': 't\n' });
  await wiki.write('home', 'two\n');
  await expect(wiki.push()).rejects.toMatchObject({ code: 'remote_ahead' });
  expect(host.run('rev-parse', 'main')).toBe(theirs);
});

test('two wikis that share a repository come to one history, and then nothing moves any more', async () => {
  const [host, a, b] = [await gitHost(), await remoteWiki(), await remoteWiki()];
  host.commit({ 'home.md': 'a\nb\nc\nd\ne\n' });
  for (const wiki of [a, b]) {
    await wiki.connect(host.url);
    await wiki.pull();
  }
  await a.write('home', 'A\nb\nc\nd\ne\n');
  await b.write('home', 'a\nb\nc\nd\nE\n');
  await b.write('of-b', 'b\n');
  // Each pushes, and pulls first when the other one was there before it.
  await Promise.all([a.push(), b.push()]);
  await Promise.all([a.push(), b.push()]);
  await Promise.all([a.pull(), b.pull()]);
  const head = host.run('rev-parse', 'main');
  expect([await a.head(), await b.head()]).toEqual([head, head]);
  expect(await a.text('home')).toBe('A\nb\nc\nd\nE\n');
  expect((await Promise.all([a.pull(), b.push()])).map(done => (done.pull ?? done.push)?.outcome)).toEqual([
    'up_to_date',
    'up_to_date',
  ]);
  host.run('fsck', '--strict', '--full');
});

test('two merges of the same commits with the same contents are one commit', async () => {
  const [host, a, b] = [await gitHost(), await remoteWiki(), await remoteWiki()];
  const base = host.commit({ 'home.md': 'h\n' });
  host.commit({ 'same.md': 's\n' }, { branch: 'of-a', onto: base, message: 'A' });
  host.commit({ 'same.md': 's\n' }, { branch: 'of-b', onto: base, message: 'B' });
  await a.connect(host.url, { branch: 'of-a' });
  await b.connect(host.url, { branch: 'of-b' });
  for (const wiki of [a, b]) await wiki.pull();
  await (await a.remotes()).change('host', { branch: 'of-b' });
  await (await b.remotes()).change('host', { branch: 'of-a' });
  for (const wiki of [a, b]) expect((await wiki.pull()).pull?.outcome).toBe('merged');
  expect(await a.head()).toBe(await b.head());
  await a.push();
  host.run('fsck', '--strict', '--full');
});

test('what is written while a remote is pulled and pushed again and again is not lost', async () => {
  const [host, wiki] = [await gitHost(), await remoteWiki()];
  host.commit({ 'home.md': 'h\n' });
  await wiki.connect(host.url);
  await wiki.pull();
  const written: string[] = [];
  const write = async () => {
    for (let page = 0; page < 30; page += 1) {
      await wiki.write(`ours/p${page}`, `${page}\n`);
      written.push(`ours/p${page}.md`);
    }
  };
  const sync = async () => {
    for (let round = 0; round < 4; round += 1) {
      host.commit({ [`theirs/p${round}.md`]: `${round}\n` });
      await wiki.push();
    }
  };
  await Promise.all([write(), sync()]);
  await wiki.push();
  const there = host.run('ls-tree', '-r', '--name-only', 'main').split('\n');
  const theirs = [0, 1, 2, 3].map(round => `theirs/p${round}.md`);
  expect(there.sort()).toEqual(['home.md', ...written, ...theirs].sort());
  expect(host.run('rev-parse', 'main')).toBe(await wiki.head());
  host.run('fsck', '--strict', '--full');
});

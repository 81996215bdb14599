import { expect, test } from 'vitest';
import { KEY } from '../http/harness.ts';
import { openListeningWiki } from '../support/listening-wiki.ts';
import { cloneOf, remoteOf } from './clone.ts';

test('what came and went on a branch that was merged is part of what one must be allowed to read', async () => {
  const wiki = await openListeningWiki({ env: { READ_ACCESS: 'ANONYMOUS' } });
  await wiki.write('a', 'one\n');
  const clone = await cloneOf(remoteOf(wiki.url));
  await clone.git('checkout', '--quiet', '-b', 'side');
  await clone.commit({ 'board/plan.md': 'secret\n' });
  await clone.commit({ 'board/plan.md': null, 'b.md': 'b\n' });
  await clone.git('checkout', '--quiet', 'main');
  await clone.commit({ 'c.md': 'c\n' });
  await clone.git('merge', '--quiet', '--no-ff', '-m', 'Merge', 'side');
  await clone.git('push', '--quiet', 'origin', 'main');
  const ask = async () =>
    (
      await fetch(`${wiki.url}/.git/info/refs?service=git-upload-pack`, {
        headers: { 'git-protocol': 'version=2' },
      })
    ).status;
  expect(await ask()).toBe(200);
  await wiki.call('PUT', '/policy/rules/board', { read: ['group:board'] }, { 'if-match': '*' });
  expect(await ask()).toBe(401);
});

test('a tag that was removed is not sent any more, whoever knows its id', async () => {
  const wiki = await openListeningWiki({ env: { KITTIWAKE_GIT_REFS: 'all' } });
  await wiki.write('a', 'one\n');
  const clone = await cloneOf(remoteOf(wiki.url));
  const want = async (oid: string) => {
    const packet = (text: string) => (text.length + 4).toString(16).padStart(4, '0') + text;
    const body = `${packet('command=fetch')}0001${packet(`want ${oid}\n`)}${packet('done\n')}0000`;
    const headers = { authorization: `Bearer ${KEY}`, 'git-protocol': 'version=2' };
    const answer = await fetch(`${wiki.url}/.git/git-upload-pack`, { method: 'POST', headers, body });
    return Buffer.from(await answer.arrayBuffer()).toString('latin1');
  };
  const tags: string[] = [];
  for (const name of ['v1', 'v2']) {
    await clone.git('tag', '-a', '-m', `About ${name}`, name);
    tags.push(await clone.git('rev-parse', name));
  }
  await clone.git('push', '--quiet', 'origin', 'v1', 'v2');
  await clone.git('push', '--quiet', 'origin', ':v2');
  // From here on only what is reached may be sent, which is found out once and kept.
  expect(await want(tags[0] ?? '')).toContain('packfile');
  await clone.git('push', '--quiet', 'origin', ':v1');
  expect(await want(tags[0] ?? '')).toContain('not our ref');
  expect(await want(tags[1] ?? '')).toContain('not our ref');
});

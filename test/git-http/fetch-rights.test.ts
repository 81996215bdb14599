import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { hashObject } from '../../src/git/object/object-codec.ts';
import { purgeHistory } from '../../src/git/purge/purge.ts';
import { KEY } from '../http/harness.ts';
import { runGit, temporaryFolder } from '../support/git-command.ts';
import { type ListeningWiki, openListeningWiki } from '../support/listening-wiki.ts';
import { commitPage } from '../support/stored-wiki.ts';
import { cloneOf, remoteOf } from './clone.ts';

/** A token with these limits. */
async function tokenFor(wiki: ListeningWiki, limits: object): Promise<string> {
  const { status, body } = await wiki.call('POST', '/tokens', { name: 'git', rights: ['read'], ...limits });
  expect([status, body]).toEqual([201, expect.objectContaining({ token: expect.any(String) })]);
  return body.token;
}

async function tryClone(wiki: ListeningWiki, password: string) {
  return await runGit(temporaryFolder(), ['clone', '--quiet', remoteOf(wiki.url, password), 'clone']);
}

/** What `fetch` answers to these lines, as text. */
async function ask(wiki: ListeningWiki, lines: readonly string[], init: RequestInit = {}): Promise<string> {
  const packet = (text: string) => (text.length + 4).toString(16).padStart(4, '0') + text;
  const body = `${packet('command=fetch')}0001${lines.map(line => packet(`${line}\n`)).join('')}0000`;
  const headers = { authorization: `Bearer ${KEY}`, 'git-protocol': 'version=2' };
  const response = await fetch(`${wiki.url}/.git/git-upload-pack`, {
    method: 'POST',
    headers,
    body,
    ...init,
  });
  return Buffer.from(await response.arrayBuffer()).toString('latin1');
}

describe('whoever may read', () => {
  test('everything clones with a token', async () => {
    const wiki = await openListeningWiki();
    await wiki.write('a', 'one\n');
    const clone = await cloneOf(remoteOf(wiki.url, await tokenFor(wiki, {})));
    expect(await clone.git('ls-files')).toBe('a.md');
  });

  test('nothing is asked who it is, and then refused', async () => {
    const wiki = await openListeningWiki();
    await wiki.write('a', 'one\n');
    const { status, err } = await runGit(temporaryFolder(), ['clone', `${wiki.url}/.git`, 'clone']);
    expect([status, err]).toEqual([128, expect.stringMatching(/could not read Username/)]);
    expect((await tryClone(wiki, 'wrong')).err).toContain('Authentication failed');
  });

  test('a part is told by which rule, whether or not that part is still there', async () => {
    const wiki = await openListeningWiki({ env: { READ_ACCESS: 'ANONYMOUS' } });
    await wiki.write('a', 'one\n');
    await wiki.write('board/plan', 'secret\n');
    await wiki.call('DELETE', '/pages/board/plan', {
      revision: (await wiki.call('GET', '/pages/board/plan')).body.revision,
    });
    const open = await tokenFor(wiki, {});
    expect((await tryClone(wiki, open)).status).toBe(0);
    const rule = await wiki.call('PUT', '/policy/rules/board', { read: ['group:board'] });
    expect(rule.status).toBeLessThan(300);
    const prefixed = await tokenFor(wiki, { prefix: 'a' });
    const { status, err } = await tryClone(wiki, prefixed);
    expect([status, err]).toEqual([128, expect.stringContaining('403')]);
    expect(err).toContain('the token is for');
  });
});

describe('what no shown ref reaches', () => {
  test('is refused like what there is not', async () => {
    const wiki = await openListeningWiki();
    await wiki.write('a', 'one\n');
    const nothing = '0123456789'.repeat(4);
    expect(await ask(wiki, [`want ${nothing}`, 'done'])).toContain(`ERR upload-pack: not our ref ${nothing}`);
  });

  test('of a purge is gone at once', async () => {
    const wiki = await openListeningWiki();
    const repository = await wiki.service.repository();
    const secret = 'a secret that was written by mistake\n';
    const before = await commitPage(repository, 'a.md', secret);
    await commitPage(repository, 'a.md', 'better\n');
    await repository.flusher.flush();
    const blob = hashObject('blob', Buffer.from(secret));
    expect(await ask(wiki, [`want ${blob}`, 'done'])).toContain('PACK');
    await purgeHistory(repository, { paths: [], blobs: [blob] });
    for (const oid of [blob, before])
      expect(await ask(wiki, [`want ${oid}`, 'done'])).toContain(`not our ref ${oid}`);
  });

  test('of a branch that is not shown, or was removed, is not sent', async () => {
    const wiki = await openListeningWiki({ env: { KITTIWAKE_GIT_REFS: 'all' } });
    await wiki.write('a', 'one\n');
    const clone = await cloneOf(remoteOf(wiki.url));
    await clone.git('checkout', '--quiet', '-b', 'idea');
    const idea = await clone.commit({ 'idea.md': 'an idea\n' });
    await clone.git('push', '--quiet', 'origin', 'idea');
    const other = await cloneOf(remoteOf(wiki.url));
    expect(await other.git('rev-parse', 'origin/idea')).toBe(idea);
    const blob = hashObject('blob', Buffer.from('an idea\n'));
    expect(await ask(wiki, [`want ${blob}`, 'done'])).toContain('PACK');
    await clone.git('push', '--quiet', 'origin', ':idea');
    for (const oid of [blob, idea])
      expect(await ask(wiki, [`want ${oid}`, 'done'])).toContain(`not our ref ${oid}`);
    const after = await cloneOf(remoteOf(wiki.url));
    expect(await after.git('cat-file', '--batch-all-objects', '--batch-check')).not.toContain(blob);
    await wiki.write('a', 'two\n');
    const again = await cloneOf(remoteOf(wiki.url), '--filter=blob:none');
    expect(await again.git('status', '--short')).toBe('');
    expect(await again.git('fsck')).toBe('');
  });
});

test('a history that begins behind its end is refused', async () => {
  const wiki = await openListeningWiki();
  await wiki.write('a', 'one\n');
  const answer = await ask(wiki, [`want ${await wiki.head()}`, 'deepen-since 4000000000', 'done']);
  expect(answer).toContain('ERR Fetching fails: no commits are selected');
});

describe('the git server', () => {
  test('may be switched off', async () => {
    const wiki = await openListeningWiki({ env: { KITTIWAKE_GIT_SERVER: 'false' } });
    const { status, err } = await tryClone(wiki, KEY);
    expect([status, err]).toEqual([128, expect.stringContaining('not found')]);
  });

  test('tells clients of the dumb protocol what to do', async () => {
    const wiki = await openListeningWiki();
    const headers = { authorization: `Bearer ${KEY}` };
    const bare = await fetch(`${wiki.url}/.git/info/refs`, { headers });
    expect([bare.status, await bare.text()]).toEqual([400, expect.stringContaining('git 1.6.6')]);
    const other = await fetch(`${wiki.url}/.git/info/refs?service=git-upload-archive`, { headers });
    expect([other.status, other.headers.get('content-type')]).toEqual([
      400,
      expect.stringContaining('text/plain'),
    ]);
  });

  test.each([
    ['no packets', 'xyz1'],
    ['a packet that is cut off', '0032want '],
    ['no command', '0009have\n0000'],
    ['a hash of another kind', '0012command=fetch0019object-format=sha2560000'],
    ['an unknown command', '0010command=push0000'],
  ])('answers a body of %s with a refusal', async (_, body) => {
    const wiki = await openListeningWiki();
    expect(await ask(wiki, [], { body })).toMatch(/^[0-9a-f]{4}ERR .*\(git_request_invalid\)/);
  });

  test.each([
    ['a want that is no id', 'want abc'],
    ['an unknown line', 'please'],
    ['a depth of nothing', 'deepen 0'],
    ['a depth that is none', 'deepen many'],
  ])('answers a fetch with %s with a refusal', async (_, line) => {
    const wiki = await openListeningWiki();
    expect(await ask(wiki, [line, 'done'])).toContain('(git_request_invalid)');
  });

  test('does not inflate more than a request may have', async () => {
    const wiki = await openListeningWiki();
    const bomb = gzipSync(Buffer.from(`0012command=fetch0001${'0032have '.padEnd(50, 'a').repeat(400_000)}`));
    expect(bomb.length).toBeLessThan(200_000);
    const headers = {
      authorization: `Bearer ${KEY}`,
      'git-protocol': 'version=2',
      'content-encoding': 'gzip',
    };
    expect(await ask(wiki, [], { body: new Uint8Array(bomb), headers })).toContain('(git_request_too_large)');
  });
});

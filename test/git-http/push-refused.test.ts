import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { FinishedGit } from '../support/git-command.ts';
import { type ListeningWiki, openListeningWiki } from '../support/listening-wiki.ts';
import { type Clone, cloneOf, emptyClone, remoteOf } from './clone.ts';

/** A wiki with a page, and a clone of it. */
async function clonedWiki(env: Record<string, string> = {}): Promise<{ wiki: ListeningWiki; clone: Clone }> {
  const wiki = await openListeningWiki({ env });
  await wiki.write('docs/a', 'text\n');
  return { wiki, clone: await cloneOf(remoteOf(wiki.url)) };
}

/** Pushes what must be refused: git fails, the wiki stays as it is. */
async function refused(wiki: ListeningWiki, clone: Clone, ...args: readonly string[]): Promise<FinishedGit> {
  const head = await wiki.head();
  const finished = await clone.try('push', ...args);
  expect([finished.status, await wiki.head()]).toEqual([1, head]);
  return finished;
}

/** From now on the clone is that of a user who administers nothing. */
async function asAnn(wiki: ListeningWiki, clone: Clone): Promise<void> {
  const user = { name: 'Ann', email: 'ann@example.org', password: 'correct horse', approved: true };
  await wiki.call('POST', '/users', { ...user, name: 'Admin', email: 'admin@example.org' });
  const made = await wiki.call('POST', '/users', { ...user, allow: ['upload'] });
  expect([made.status, made.body.error]).toEqual([201, undefined]);
  const remote = remoteOf(wiki.url, 'correct%20horse').replace('git:', 'ann%40example.org:');
  await clone.git('remote', 'set-url', 'origin', remote);
}

async function tokenOf(wiki: ListeningWiki, body: object): Promise<string> {
  const made = await wiki.call('POST', '/tokens', { name: 'Git', ...body });
  expect([made.status, made.body.error]).toEqual([201, undefined]);
  return made.body.token;
}

const LONG = `${`${'x'.repeat(200)}/`.repeat(11)}b.md`;

describe('a push is refused as a whole', () => {
  test.each([
    ['holds a control character', { 'docs/a\u0085b.md': 'x' }, 'it holds a control character'],
    ['is nothing but spaces', { 'docs/ /b.md': 'x' }, 'a part of it is empty, or nothing but spaces'],
    ['is nothing but wide spaces', { 'docs/\u3000.md': 'x' }, 'a part of it is empty, or nothing but spaces'],
    ['is a page without a name', { 'docs/.md': 'x' }, 'a part of it is empty, or nothing but spaces'],
    ['is too long', { [LONG]: 'x' }, 'longer than 2048 bytes'],
    ['differs from another by case', { 'docs/A.md': 'x' }, 'differ only by case or Unicode form'],
    ['lies in a folder that differs by case', { 'Docs/b.md': 'x' }, 'differ only by case'],
    ['differs from one beside it by its form', { 'é.md': 'x', 'e\u0301.md': 'x' }, 'Unicode form'],
  ])('when a new name %s', async (_, files, why) => {
    const { wiki, clone } = await clonedWiki();
    await clone.git('config', 'core.precomposeunicode', 'false');
    await clone.commit({ 'docs/fine.md': 'fine\n' });
    await clone.commit(files);
    const { err } = await refused(wiki, clone);
    expect(err).toContain(why);
    expect(err).toMatch(
      /! \[remote rejected\] main -> main \(refused \((path_invalid|path_collides|entry_refused)\)\)/,
    );
    expect(await wiki.text('docs/fine')).toBeUndefined();
  });

  test('when a page is larger than any, or a file than an attachment may be', async () => {
    const { wiki, clone } = await clonedWiki({ KITTIWAKE_MAX_UPLOAD: '1MiB' });
    await clone.commit({ 'docs/plan.bin': Buffer.alloc(1_048_577) });
    expect((await refused(wiki, clone)).err).toContain('Attachment too large (max 1MB)');
    await clone.git('reset', '--quiet', '--hard', 'HEAD~1');
    await clone.commit({ 'docs/large.md': 'x'.repeat(10 * 1_048_576 + 1) });
    expect((await refused(wiki, clone)).err).toMatch(/"docs\/large.md" is too large.*page_too_large/s);
  });

  test('when the caller may not change one of its paths, even if a later commit takes that back', async () => {
    const { wiki, clone } = await clonedWiki();
    await wiki.write('ops/a', 'text\n');
    await clone.git('pull', '--quiet');
    await wiki.call('PUT', '/policy/rules/ops', { write: ['ADMIN'] });
    await asAnn(wiki, clone);
    await clone.commit({ 'docs/a.md': 'mine\n' });
    const wrong = await clone.commit({ 'ops/a.md': 'mine\n' });
    await clone.commit({ 'ops/a.md': 'text\n' });
    const { err } = await refused(wiki, clone);
    expect(err).toContain(`Commit ${wrong.slice(0, 10)}: Changing "Ops/A": not allowed`);
    expect(err).toContain('main -> main (not allowed (forbidden))');
    await clone.git('reset', '--quiet', '--hard', 'HEAD~2');
    await clone.git('push', '--quiet');
    expect(await wiki.text('docs/a')).toBe('mine\n');
  });

  test('when files come that are no pages, and the caller may only write', async () => {
    const { wiki, clone } = await clonedWiki();
    const token = await tokenOf(wiki, { rights: ['write'] });
    await clone.git('remote', 'set-url', 'origin', remoteOf(wiki.url, token));
    await clone.commit({ '.gitignore': '*.bak\n' });
    expect((await refused(wiki, clone)).err).toContain('needs the right "upload"');
    await clone.git('reset', '--quiet', '--hard', 'HEAD~1');
    await clone.commit({ 'docs/README.md': 'text\n' });
    await clone.git('push', '--quiet');
    expect(await wiki.text('docs/README')).toBe('text\n');
  });

  test('before it is sent, to who may write nowhere or not read everything', async () => {
    const { wiki, clone } = await clonedWiki();
    await clone.commit({ 'docs/b.md': 'x' });
    const reads = await tokenOf(wiki, { rights: ['read'] });
    const elsewhere = await tokenOf(wiki, { rights: ['read', 'write'], prefix: 'other' });
    const told: [string, string[]][] = [
      [remoteOf(wiki.url, reads), ['this needs the right "write" (forbidden)', 'error: 403']],
      [remoteOf(wiki.url, elsewhere), ['every path that exists or ever existed', 'error: 403']],
      [remoteOf(wiki.url, 'wrong'), ['Invalid token, key, or e-mail address and password (auth_invalid)']],
      [`${wiki.url}/.git`, ['could not read Username']],
    ];
    for (const [remote, texts] of told) {
      await clone.git('remote', 'set-url', 'origin', remote);
      const { status, err } = await clone.try('push');
      expect(status).toBe(128);
      for (const text of texts) expect(err).toContain(text);
    }
  });

  test('unless what it may not change was only merged from the wiki', async () => {
    const { wiki, clone } = await clonedWiki();
    await wiki.call('PUT', '/policy/rules/ops', { write: ['ADMIN'] });
    await wiki.write('ops/a', 'one\n');
    await clone.git('pull', '--quiet');
    await wiki.write('ops/a', 'two\n');
    await asAnn(wiki, clone);
    await clone.commit({ 'docs/a.md': 'mine\n' });
    await clone.git('pull', '--quiet', '--no-rebase', '--no-edit');
    await clone.git('push', '--quiet');
    expect([await wiki.text('docs/a'), await wiki.text('ops/a')]).toEqual(['mine\n', 'two\n']);
    await wiki.write('ops/a', 'three\n');
    await clone.commit({ 'docs/a.md': 'mine again\n' });
    await clone.git('pull', '--quiet', '--no-rebase', '-s', 'ours', '--no-edit');
    expect((await refused(wiki, clone)).err).toContain('Changing "Ops/A": not allowed');
  });

  test('when the wiki would be larger than it may be; what only removes comes in', async () => {
    const { wiki, clone } = await clonedWiki();
    const limit = async (limits: object) =>
      expect((await wiki.call('PUT', '/policy/limits', limits)).status).toBe(200);
    await limit({ pages: 2 });
    await clone.commit({ 'docs/b.md': 'x', 'docs/c.md': 'x' });
    expect((await refused(wiki, clone)).err).toMatch(
      /Page limit reached \(2 pages\).*quota exceeded \(quota_pages\)/s,
    );
    await clone.git('reset', '--quiet', '--hard', 'HEAD~1');
    await clone.commit({ 'docs/b.md': 'x' });
    await clone.git('push', '--quiet');
    await limit({ pages: 2, bytes: 1_048_576 });
    await clone.commit({ 'docs/a.md': 'edited\n', 'docs/c/plan.bin': randomBytes(1_100_000) });
    expect((await refused(wiki, clone)).err).toContain('Wiki quota exceeded (1MB limit)');
    await clone.git('reset', '--quiet', '--hard', 'HEAD~1');
    await limit({ pages: 1, bytes: 1_024 });
    await clone.commit({ 'docs/b.md': null });
    await clone.git('push', '--quiet');
    expect(await wiki.text('docs/b')).toBeUndefined();
  });

  test('when its author gives no reason, and the wiki wants one', async () => {
    const wiki = await openListeningWiki({ env: { KITTIWAKE_COMMIT_MESSAGE: 'REQUIRED' } });
    const clone = await emptyClone(remoteOf(wiki.url));
    await clone.commit({ 'docs/b.md': 'x' }, 'Good');
    await clone.git('push', '--quiet', 'origin', 'main');
    await clone.commit({ 'docs/b.md': 'y' }, 'Good');
    await clone.git('commit', '--quiet', '--allow-empty', '--allow-empty-message', '-m', '');
    expect((await refused(wiki, clone, 'origin', 'main')).err).toContain('Writing needs a commit message');
  });

  test('when it has more bytes than the server takes, also where its length is not told', async () => {
    const { wiki, clone } = await clonedWiki({ KITTIWAKE_GIT_MAX_PUSH: '64KiB' });
    await clone.commit({ 'docs/plan.bin': randomBytes(3_000_000) });
    for (const buffer of ['65536', '8000000']) {
      await clone.git('config', 'http.postBuffer', buffer);
      expect((await refused(wiki, clone)).err).toMatch(/more than 65536 bytes.*pack_too_large/s);
    }
  });
});

describe('refs', () => {
  test('other than the main branch are refused by themselves, and what comes with them', async () => {
    const { wiki, clone } = await clonedWiki();
    await clone.commit({ 'docs/b.md': 'x' });
    await clone.git('tag', 'v1');
    await clone.git('branch', 'idea');
    const tag = await refused(wiki, clone, 'origin', 'main', 'v1');
    expect(tag.err).toContain('v1 -> v1 (refused (git_ref_refused))');
    expect(tag.err).toContain('main -> main (nothing is taken of this push, another ref is refused)');
    expect((await refused(wiki, clone, 'origin', 'idea')).err).toContain('git push origin HEAD:main');
    expect((await refused(wiki, clone, 'origin', ':main')).err).toContain(
      'the main branch cannot be deleted',
    );
  });

  test('of all kinds come, move and go where the setting allows it, but the main branch goes only on', async () => {
    const { wiki, clone } = await clonedWiki({ KITTIWAKE_GIT_REFS: 'all' });
    const first = await clone.git('rev-parse', 'HEAD');
    await clone.git('checkout', '--quiet', '-b', 'idea');
    const idea = await clone.commit({ 'docs/idea.md': 'x' });
    await clone.git('tag', '-a', '-m', 'One', 'v1');
    await clone.git('push', '--quiet', 'origin', 'idea', 'v1');
    expect(await wiki.text('docs/idea')).toBeUndefined();
    const other = await cloneOf(remoteOf(wiki.url));
    expect(await other.git('rev-parse', 'origin/idea', 'v1^{commit}')).toBe(`${idea}\n${idea}`);
    await clone.git('reset', '--quiet', '--hard', first);
    const again = await clone.commit({ 'docs/idea.md': 'y' });
    expect((await refused(wiki, clone, 'origin', 'idea')).err).toContain('rejected');
    await clone.git('push', '--quiet', '--force', 'origin', 'idea', ':v1');
    expect(await clone.git('ls-remote', 'origin')).toBe(
      [`${first}\tHEAD`, `${again}\trefs/heads/idea`, `${first}\trefs/heads/main`].join('\n'),
    );
    await clone.git('push', '--quiet', 'origin', 'idea:main');
    expect(await wiki.text('docs/idea')).toBe('y');
    const forced = await refused(wiki, clone, '--force', 'origin', `${first}:main`);
    expect(forced.err).toContain('main (fetch first (not_fast_forward))');
  });
});

describe('a push that a plugin is asked about', () => {
  const EXAMPLE = new URL('../../examples/plugins/house-rules.ts', import.meta.url).pathname;

  test('is refused with its reason, and the commit that it is about', async () => {
    const wiki = await openListeningWiki({ env: { KITTIWAKE_PLUGINS: EXAMPLE } });
    const clone = await emptyClone(remoteOf(wiki.url));
    const commit = await clone.commit({ 'decisions/one.md': '# One\n' });
    const { status, err } = await clone.try('push', 'origin', 'main');
    expect([status, await wiki.head()]).toEqual([1, undefined]);
    expect(err).toContain(`Commit ${commit.slice(0, 10)}: Refused by the plugin "house-rules"`);
    expect(err).toContain('main -> main (hook declined (plugin_refused))');
    await clone.commit({ 'decisions/one.md': '# One\n\nStatus: draft\n' });
    expect((await clone.try('push', 'origin', 'main')).status).toBe(1);
    await clone.git('reset', '--quiet', '--soft', 'HEAD~1');
    await clone.git('commit', '--quiet', '--amend', '-m', 'Decide');
    await clone.git('push', '--quiet', 'origin', 'main');
    expect(await wiki.text('decisions/one')).toContain('draft');
  });
});

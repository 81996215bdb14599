import { describe, expect, test } from 'vitest';
import { collectGarbage } from '../../src/git/upkeep/gc.ts';
import { mergeNewest } from '../../src/git/upkeep/merge.ts';
import { runGit, temporaryFolder } from '../support/git-command.ts';
import { openListeningWiki } from '../support/listening-wiki.ts';
import { commitPage } from '../support/stored-wiki.ts';
import { cloneOf, emptyClone, remoteOf } from './clone.ts';

type Wiki = Awaited<ReturnType<typeof openListeningWiki>>;

/** Commits that change one of some pages each. Resolves with the newest. */
async function grow(wiki: Wiki, commits: number, from = 0): Promise<string> {
  const repository = await wiki.service.repository();
  let head = '';
  for (let n = from; n < from + commits; n += 1) {
    const path = `folder-${n % 3}/page-${n % 7}.md`;
    head = await commitPage(
      repository,
      path,
      `# Page ${n % 7}\n\n${'A line of the page\n'.repeat(20)}${n}\n`,
    );
  }
  return head;
}

async function flush(wiki: Wiki): Promise<void> {
  await (await wiki.service.repository()).flusher.flush();
}

describe('git clone', () => {
  test('of a wiki whose commits are in its journal, in packs and in both', async () => {
    const wiki = await openListeningWiki();
    for (const state of ['journal', 'pack', 'both', 'merged']) {
      const head = await grow(wiki, 40, state === 'journal' ? 0 : 100);
      if (state === 'pack') await flush(wiki);
      if (state === 'merged') {
        await flush(wiki);
        await mergeNewest(await wiki.service.repository(), { minPacks: 2 });
        await collectGarbage(await wiki.service.repository());
      }
      const clone = await cloneOf(remoteOf(wiki.url));
      expect(await clone.git('rev-parse', 'HEAD'), state).toBe(head);
      expect(await clone.git('fsck', '--full', '--strict'), state).toBe('');
      expect(await clone.git('status', '--short'), state).toBe('');
    }
  });

  test('of an empty wiki knows the name of the branch', async () => {
    const wiki = await openListeningWiki();
    const clone = await cloneOf(remoteOf(wiki.url), '-c', 'init.defaultBranch=other');
    expect(await clone.git('symbolic-ref', 'HEAD')).toBe('refs/heads/main');
  });

  test('finds the wiki by its name, too, and no other', async () => {
    const wiki = await openListeningWiki();
    const head = await grow(wiki, 1);
    const clone = await cloneOf(remoteOf(wiki.url, undefined, '/main.git'));
    expect(await clone.git('rev-parse', 'HEAD')).toBe(head);
    const other = await runGit(temporaryFolder(), ['clone', remoteOf(wiki.url, undefined, '/other.git')]);
    expect([other.status, other.err]).toEqual([128, expect.stringContaining('"/.git" and "/main.git"')]);
    const bare = await runGit(temporaryFolder(), ['clone', remoteOf(wiki.url, undefined, '/')]);
    expect([bare.status, bare.err]).toEqual([128, expect.stringContaining('that of a wiki is at "/.git"')]);
  });

  test('takes pages that came back, so that packs share objects', async () => {
    const wiki = await openListeningWiki();
    const repository = await wiki.service.repository();
    for (const [round, text] of ['one\n', 'two\n', 'one\n', 'two\n'].entries()) {
      await commitPage(repository, 'a.md', text);
      await commitPage(repository, `b-${round}.md`, `${round}\n`);
      if (round % 2 === 1) await flush(wiki);
    }
    const head = await commitPage(repository, 'a.md', 'one\n');
    const clone = await cloneOf(remoteOf(wiki.url));
    expect(await clone.git('rev-parse', 'HEAD')).toBe(head);
    expect(await clone.git('fsck', '--full', '--strict')).toBe('');
  });
});

describe('git fetch', () => {
  test.each([1, 30])('after %i commits brings these alone', async count => {
    const wiki = await openListeningWiki();
    await grow(wiki, 60);
    await flush(wiki);
    const clone = await cloneOf(remoteOf(wiki.url));
    for (const state of ['journal', 'pack']) {
      const head = await grow(wiki, count, state === 'pack' ? 1000 : 500);
      if (state === 'pack') await flush(wiki);
      const { err } = await clone.try('fetch', '--progress');
      const brought = Number(/Sending (\d+) objects/.exec(err)?.[1]);
      expect(brought, state).toBeLessThanOrEqual(4 * count);
      expect(await clone.git('rev-parse', 'origin/main'), state).toBe(head);
      expect(await clone.git('fsck', '--full', '--strict'), state).toBe('');
    }
  });

  test('says nothing to do when there is nothing', async () => {
    const wiki = await openListeningWiki();
    await grow(wiki, 3);
    const clone = await cloneOf(remoteOf(wiki.url));
    expect(await clone.try('fetch', '--verbose')).toMatchObject({
      status: 0,
      err: expect.stringContaining('up to date'),
    });
  });

  test('finds what is in common with a clone that has commits of its own', async () => {
    const wiki = await openListeningWiki();
    await grow(wiki, 50);
    const clone = await cloneOf(remoteOf(wiki.url));
    for (let n = 0; n < 40; n += 1) await clone.commit({ [`own-${n}.txt`]: `${n}\n` });
    const head = await grow(wiki, 5, 200);
    const { err } = await clone.try('fetch', '--progress');
    expect(Number(/Sending (\d+) objects/.exec(err)?.[1])).toBeLessThanOrEqual(20);
    expect(await clone.git('rev-parse', 'origin/main')).toBe(head);
    expect(await clone.git('fsck', '--strict')).toBe('');
  });

  test('into a repository with another history brings everything', async () => {
    const wiki = await openListeningWiki();
    const head = await grow(wiki, 5);
    const clone = await emptyClone(remoteOf(wiki.url));
    await clone.commit({ 'own.txt': 'own\n' });
    await clone.git('fetch', '--quiet', 'origin');
    expect(await clone.git('rev-parse', 'origin/main')).toBe(head);
    expect(await clone.git('fsck', '--strict')).toBe('');
  });
});

describe('a shallow clone', () => {
  test('has as many commits as were wanted, and gets the others', async () => {
    const wiki = await openListeningWiki();
    await grow(wiki, 30);
    await flush(wiki);
    await grow(wiki, 10, 100);
    const clone = await cloneOf(remoteOf(wiki.url), '--depth', '3');
    expect(await clone.git('rev-list', '--count', 'HEAD')).toBe('3');
    await clone.git('fetch', '--quiet', '--deepen', '4');
    expect(await clone.git('rev-list', '--count', 'HEAD')).toBe('7');
    await clone.git('fetch', '--quiet', '--depth', '15');
    expect(await clone.git('rev-list', '--count', 'HEAD')).toBe('15');
    expect(await clone.git('fsck', '--strict')).toBe('');
    await grow(wiki, 4, 200);
    await clone.git('pull', '--quiet', '--ff-only');
    expect(await clone.git('rev-list', '--count', 'HEAD')).toBe('19');
    await clone.git('fetch', '--quiet', '--depth', '2');
    expect(await clone.git('rev-list', '--count', 'origin/main')).toBe('2');
    await clone.git('fetch', '--quiet', '--unshallow');
    expect(await clone.git('rev-list', '--count', 'HEAD')).toBe('44');
    expect(await clone.git('fsck', '--full', '--strict')).toBe('');
  });

  test('goes back to a time', async () => {
    const wiki = await openListeningWiki();
    await grow(wiki, 3);
    const all = await cloneOf(remoteOf(wiki.url), '--shallow-since=2001-01-01');
    expect(await all.git('rev-list', '--count', 'HEAD')).toBe('3');
  });
});

describe('a partial clone', () => {
  test.each(['blob:none', 'blob:limit=100', 'tree:0'])(
    'with %s gets the rest when it needs it',
    async filter => {
      const wiki = await openListeningWiki();
      await grow(wiki, 30);
      await flush(wiki);
      await grow(wiki, 10, 100);
      const clone = await cloneOf(
        remoteOf(wiki.url),
        `--filter=${filter}`,
        '--no-checkout',
        '-c',
        'gc.auto=0',
      );
      const missing = await clone.git('rev-list', '--objects', '--all', '--missing=print');
      expect(missing.split('\n').filter(line => line.startsWith('?')).length).toBeGreaterThan(0);
      await clone.git('checkout', '--quiet', 'main');
      expect(await clone.git('status', '--short')).toBe('');
      expect(await clone.git('log', '-p', '--format=%s', '--', 'folder-0')).toContain('A line of the page');
      await grow(wiki, 2, 300);
      await clone.git('pull', '--quiet', '--ff-only');
      expect(await clone.git('fsck')).toBe('');
    },
  );

  test('with a filter that is not known is refused with those that are', async () => {
    const wiki = await openListeningWiki();
    await grow(wiki, 1);
    const { status, err } = await runGit(temporaryFolder(), ['clone', '--filter=tree:2', remoteOf(wiki.url)]);
    expect([status, err]).toEqual([128, expect.stringContaining('blob:none')]);
  });
});

describe('older git', () => {
  test.each(['0', '1'])('with version %s of the protocol is told what to do', async version => {
    const wiki = await openListeningWiki();
    await grow(wiki, 1);
    const { status, err } = await runGit(temporaryFolder(), [
      '-c',
      `protocol.version=${version}`,
      'clone',
      remoteOf(wiki.url),
    ]);
    expect([status, err]).toEqual([128, expect.stringContaining('protocol.version 2')]);
  });
});

import { describe, expect, test } from 'vitest';
import { examine } from '../../src/git/doctor/doctor.ts';
import { git } from '../support/git-command.ts';
import { type ListeningWiki, openListeningWiki } from '../support/listening-wiki.ts';
import { type Clone, cloneOf, remoteOf } from './clone.ts';

const CLONES = 8;
const WRITES = 12;

/** Pushes until nobody was faster. Resolves with how often somebody was. */
async function pushAtLast(clone: Clone): Promise<number> {
  for (let losses = 0; losses < 50; losses += 1) {
    const { status, err } = await clone.try('push', '--quiet');
    if (status === 0) return losses;
    expect(err).toContain('fetch first');
    await clone.git('pull', '--quiet', '--rebase');
  }
  throw new Error('Others were always faster');
}

async function expectSound(wiki: ListeningWiki): Promise<Clone> {
  const repository = await wiki.service.repository();
  const fresh = await cloneOf(remoteOf(wiki.url), '--mirror');
  git(fresh.folder, ['fsck', '--strict', '--full']);
  const { findings } = await examine(repository);
  expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
  return fresh;
}

describe('pushes at the same time', () => {
  test('and writes of the API are all there in the end, each once', async () => {
    const wiki = await openListeningWiki();
    await wiki.write('home', '# Home\n');
    const remote = remoteOf(wiki.url);
    const clones = await Promise.all(Array.from({ length: CLONES }, () => cloneOf(remote)));
    const pushing = clones.map(async (clone, index) => {
      await clone.commit({ [`pushed/${index}.md`]: `${index}\n` }, `Push ${index}`);
      return pushAtLast(clone);
    });
    const writing = (async () => {
      for (let index = 0; index < WRITES; index += 1) await wiki.write(`written/${index}`, `${index}\n`);
    })();
    await Promise.all([...pushing, writing]);
    const fresh = await expectSound(wiki);
    const messages = (await fresh.git('log', '--format=%s')).split('\n');
    expect(messages).toHaveLength(1 + CLONES + WRITES);
    for (let index = 0; index < CLONES; index += 1)
      expect(messages.filter(message => message === `Push ${index}`)).toHaveLength(1);
    for (let index = 0; index < WRITES; index += 1)
      expect(await wiki.text(`written/${index}`)).toBe(`${index}\n`);
  });

  test('of one clone and its copy: one of them wins', async () => {
    const wiki = await openListeningWiki();
    await wiki.write('home', '# Home\n');
    const clones = [await cloneOf(remoteOf(wiki.url)), await cloneOf(remoteOf(wiki.url))];
    const commits: string[] = [];
    for (const [index, clone] of clones.entries())
      commits.push(await clone.commit({ 'home.md': `# Home of ${index}\n` }));
    const ends = await Promise.all(clones.map(clone => clone.try('push', '--quiet')));
    expect(ends.map(({ status }) => status).sort()).toEqual([0, 1]);
    expect(await wiki.head()).toBe(commits[ends.findIndex(({ status }) => status === 0)]);
    await expectSound(wiki);
  });
});

describe('an answer that is lost after the effect', () => {
  test.each([
    ['as a whole is asked for again by git itself', 0, /^$/],
    ['in part fails, and what is pushed again is there', 1, /RPC failed|hung up|unexpected disconnect/],
  ])('%s', async (_, ended, told) => {
    let isLost = false;
    const wiki = await openListeningWiki({
      front: app => ({
        async handle(request) {
          const response = await app.handle(request);
          const { body } = response;
          if (isLost || !(body instanceof Uint8Array) || !String(body).includes('unpack ok')) return response;
          isLost = true;
          if (ended === 0) throw new Error('The connection broke');
          return { ...response, body: brokenOff(body) };
        },
      }),
    });
    await wiki.write('home', '# Home\n');
    const clone = await cloneOf(remoteOf(wiki.url));
    const commit = await clone.commit({ 'home.md': '# Mine\n' });
    const lost = await clone.try('push', '--quiet');
    expect([isLost, lost.status, await wiki.head()]).toEqual([true, ended, commit]);
    expect(lost.err).toMatch(told);
    const again = await clone.try('push');
    expect([again.status, again.err]).toEqual([0, expect.stringContaining('Everything up-to-date')]);
    await expectSound(wiki);
  });

  async function* brokenOff(body: Uint8Array) {
    yield body.subarray(0, 10);
    throw new Error('The connection broke');
  }
});

describe('a push from a clone that is not whole', () => {
  test.each([
    ['shallow', '--depth=1'],
    ['without contents', '--filter=blob:none'],
  ])('%s comes in as from any other', async (_, option) => {
    const wiki = await openListeningWiki();
    for (const text of ['one', 'two', 'three']) await wiki.write('docs/a', `${text}\n`);
    await wiki.write('docs/b', 'text\n');
    const clone = await cloneOf(remoteOf(wiki.url), option, '--no-local');
    await clone.commit({ 'docs/a.md': 'four\n', 'docs/c.md': 'new\n' });
    await clone.commit({ 'docs/b.md': null });
    await clone.git('push', '--quiet');
    expect([await wiki.text('docs/a'), await wiki.text('docs/b')]).toEqual(['four\n', undefined]);
    await expectSound(wiki);
    git(clone.folder, ['fsck', '--full']);
  });
});

test('a push that is sent in pieces comes in', async () => {
  const wiki = await openListeningWiki();
  await wiki.write('home', '# Home\n');
  const clone = await cloneOf(remoteOf(wiki.url));
  await clone.git('config', 'http.postBuffer', '1024');
  const pages = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`many/${index}.md`, `# ${index}\n\n${index ** 7}\n`]),
  );
  const commit = await clone.commit(pages);
  await clone.git('push', '--quiet');
  expect(await wiki.head()).toBe(commit);
  expect((await wiki.call('GET', '/pages?prefix=many/')).body.total).toBe(300);
  await expectSound(wiki);
});

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { everything } from '../../src/git/outgoing/outgoing.ts';
import { sourcePacks } from '../../src/git/outgoing/source-pack.ts';
import { KEY } from '../http/harness.ts';
import { runGit, temporaryFolder } from '../support/git-command.ts';
import { openListeningWiki } from '../support/listening-wiki.ts';
import { commitPage } from '../support/stored-wiki.ts';
import { type Clone, cloneOf, remoteOf } from './clone.ts';

test('clones of one wiki among many have its pages alone, at both addresses', async () => {
  const wiki = await openListeningWiki({ env: { KITTIWAKE_TENANTS: 'path:/w' } });
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
  for (const name of ['anna', 'bert']) {
    await wiki.call('POST', '/tenants', { name });
    const url = `${wiki.url}/w/${name}/api/v1/pages/of-${name}`;
    const { status } = await fetch(url, {
      method: 'PUT',
      headers,
      body: JSON.stringify({ content: `${name}\n`, revision: null }),
    });
    expect(status).toBe(201);
  }
  for (const path of ['/w/anna.git', '/w/anna/.git', '/w/anna/anna.git']) {
    const clone = await cloneOf(remoteOf(wiki.url, KEY, path));
    expect(await clone.git('ls-files'), path).toBe('of-anna.md');
  }
  for (const path of ['/w/none.git', '/w/anna/bert.git', '/.git']) {
    const { status, err } = await runGit(temporaryFolder(), ['clone', remoteOf(wiki.url, KEY, path)]);
    expect([status, err], path).toEqual([128, expect.stringContaining('not found')]);
  }
});

test('clones that are made while others write are whole, each of one version', async () => {
  const wiki = await openListeningWiki();
  const repository = await wiki.service.repository();
  const made: string[] = [];
  let isOver = false;
  const writing = (async () => {
    for (let n = 0; !isOver; n += 1)
      made.push(await commitPage(repository, `page-${n % 9}.md`, `text ${n}\n`));
  })();
  try {
    const clones: Clone[][] = [];
    for (let n = 0; n < 3; n += 1)
      clones.push(
        await Promise.all([cloneOf(remoteOf(wiki.url)), cloneOf(remoteOf(wiki.url), '--depth', '5')]),
      );
    for (const pair of clones) {
      for (const clone of pair) {
        expect(await clone.git('fsck', '--full', '--strict')).toBe('');
        expect(made).toContain(await clone.git('rev-parse', 'HEAD'));
        await clone.git('pull', '--quiet', '--ff-only');
        expect(await clone.git('fsck', '--full', '--strict')).toBe('');
      }
    }
  } finally {
    isOver = true;
    await writing;
  }
});

test('a shallow clone is whole when the wiki goes on between its questions', async () => {
  const wiki = await openListeningWiki();
  const repository = await wiki.service.repository();
  const first = await commitPage(repository, 'first.md', 'first\n');
  const { app } = wiki.service;
  const handle = app.handle.bind(app);
  let questions = 0;
  app.handle = async request => {
    const isQuestion = request.path === '/.git/git-upload-pack';
    if (isQuestion) questions += 1;
    if (isQuestion && questions === 2)
      for (let n = 0; n < 9; n += 1) await commitPage(repository, 'more.md', `${n}\n`);
    return await handle(request);
  };
  const clone = await cloneOf(remoteOf(wiki.url), '--depth', '5');
  expect(questions).toBe(2);
  expect(await clone.git('rev-parse', 'HEAD')).toBe(first);
  expect(await clone.git('fsck', '--full', '--strict')).toBe('');
});

test('no more of a pack is read than a client takes', async () => {
  const wiki = await openListeningWiki();
  const repository = await wiki.service.repository();
  for (let n = 0; n < 8; n += 1) await commitPage(repository, `${n}.bin`, randomBytes(1 << 20));
  await repository.flusher.flush();
  const { packs } = repository;
  let reads = 0;
  const read = packs.read.bind(packs);
  packs.read = (name, extension, ...range) => {
    if (extension === 'pack') reads += 1;
    return read(name, extension, ...range);
  };
  const sent = everything(await sourcePacks(repository, await repository.view()));
  const chunks = sent.chunks[Symbol.asyncIterator]();
  for (let taken = 0; taken < 4; taken += 1) await chunks.next();
  await chunks.return?.();
  expect(reads).toBeGreaterThan(0);
  expect(reads).toBeLessThanOrEqual(5);
  for await (const _ of everything(await sourcePacks(repository, await repository.view())).chunks);
  expect(reads).toBeGreaterThan(10);
});

import { expect, it } from 'vitest';
import { createPurging } from '../../src/lazy/purging.ts';
import { filesThatTell, SECRET } from '../git/purge-support.ts';
import { openWiki } from '../http/harness.ts';
import { kittiwake } from '../support/cli.ts';
import { expectSound } from '../support/data-folder.ts';
import { needs } from '../support/needs.ts';
import { serveWiki } from '../support/served-wiki.ts';
import { leakyData } from './leaky-data.ts';

const WISH = { names: ['Secret'], blobs: [], pathOnly: false };

it('purge tells with --dry-run what it would take out, and takes it out without', async ctx => {
  needs(ctx, 'git');
  const data = await leakyData();
  const before = await expectSound(data);
  const dry = await kittiwake(['purge', 'docs/secret.md', '--dry-run', '--data', data]);
  expect([dry.code, dry.err]).toEqual([0, '']);
  expect(dry.out).toMatch(
    /^1 content, 1 commit that brought them in.*\n {2}[0-9a-f]{40} {2}\S+ {2}leak\n {4}docs\/secret.md\n$/,
  );
  expect((await expectSound(data)).commits).toEqual(before.commits);
  const done = await kittiwake(['purge', 'Docs/Secret', '--data', data]);
  expect([done.code, done.err]).toEqual([0, '']);
  expect(done.out).toMatch(
    /\nPurged: 2 commits rewritten, the wiki is at [0-9a-f]{40}\nDeleted: \d+ packs?, /,
  );
  const { commits } = await expectSound(data);
  expect(commits.map(({ subject }) => subject)).toEqual(['go on', 'leak', 'begin']);
  expect(await filesThatTell(data, SECRET)).toEqual([]);
  const again = await kittiwake(['purge', 'docs/secret.md', '--data', data]);
  expect(again.out).toContain('No commit of the history holds it\nThe history stays as it is\n');
});

it.for([
  [['purge'], 'Nothing to purge'],
  [['purge', '--blob', 'abc'], 'Invalid --blob "abc"'],
] as const)('%j is refused', async ([args, message]) => {
  const { code, err } = await kittiwake(args);
  expect([code, err]).toEqual([2, expect.stringContaining(message)]);
});

it('a server answers 410 for purged revisions, 409 for writes on them, and finds the text no more', async () => {
  const wiki = await openWiki();
  const { config, repository } = {
    config: { data: wiki.folder, retainPageNameCase: false },
    ...wiki.service,
  };
  await wiki.write('other', 'innocent');
  const leaked = await wiki.write('secret', SECRET);
  const later = await wiki.write('secret', 'harmless');
  expect((await wiki.call('GET', '/search?q=battery')).body.results).toHaveLength(0);
  const kept = await wiki.write('secret2', `copy of ${SECRET}`);
  const purging = createPurging(repository, config);
  await purging.rewrite(WISH);
  await purging.erase();
  await wiki.write('secret', 'new');
  for (const revision of [leaked, leaked.slice(0, 8), later, kept]) {
    expect(await wiki.call('GET', `/pages/secret?revision=${revision}`)).toMatchObject({
      status: 410,
      body: { code: 'revision_purged' },
    });
    const write = await wiki.call('PUT', '/pages/secret', { content: 'x', revision });
    expect([write.status, write.body.code]).toEqual([409, 'revision_mismatch']);
  }
  const restored = await wiki.call('POST', '/pages/secret/restore', { to_revision: leaked, revision: later });
  expect([restored.status, restored.body.code]).toEqual([410, 'revision_purged']);
  const reverted = await wiki.call('POST', '/revert', { revision: leaked });
  expect([reverted.status, reverted.body.code]).toEqual([410, 'revision_purged']);
  expect((await wiki.call('GET', `/pages/secret?revision=${'1'.repeat(40)}`)).status).toBe(404);
  const { results } = (await wiki.call('GET', '/search?q=battery')).body;
  expect(results.map(({ path }: { path: string }) => path)).toEqual(['Secret2']);
});

it('a server that runs on acknowledges every write meanwhile, and keeps them', {
  timeout: 60_000,
}, async () => {
  const data = await leakyData();
  const server = await serveWiki(data);
  const writes = async (page: string) => {
    const answers: number[] = [];
    let revision: string | undefined;
    while (!isOver || answers.length < 5) {
      const body = { content: String(answers.length), revision };
      const answer = await server.call('PUT', `/pages/${page}`, body);
      answers.push(answer.status);
      // Its revision may be from before.
      revision = answer.body.revision ?? answer.body.current_revision;
    }
    return { page, answers };
  };
  let isOver = false;
  const writers = ['p', 'q', 'r'].map(writes);
  const { code, err } = await kittiwake(['purge', 'docs/secret.md', '--data', data]);
  isOver = true;
  expect([code, err]).toEqual([0, '']);
  let acknowledged = 0;
  for (const { page, answers } of await Promise.all(writers)) {
    expect(new Set(answers), page).toEqual(new Set([201, 200, ...answers.filter(status => status === 409)]));
    const last = answers.lastIndexOf(200);
    expect(await server.text(page), page).toBe(String(last));
    acknowledged += answers.filter(status => status < 300).length;
  }
  expect((await server.call('GET', '/search?q=battery')).body.results).toEqual([]);
  await server.stop();
  expect((await expectSound(data)).commits).toHaveLength(3 + acknowledged);
  expect(await filesThatTell(data, SECRET)).toEqual([]);
});

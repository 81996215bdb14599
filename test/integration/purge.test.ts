import { expect, it } from 'vitest';
import { createPurging } from '../../src/lazy/purging.ts';
import { filesThatTell, SECRET } from '../git/purge-support.ts';
import { openWiki } from '../http/harness.ts';
import { kittiwake } from '../support/cli.ts';
import { createData, expectSound } from '../support/data-folder.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { needs } from '../support/needs.ts';
import { commitFiles } from '../support/repository.ts';
import { countCalls, killedAt, spread } from './killed-process.ts';

const WISH = { names: ['Secret'], blobs: [], pathOnly: false };

async function leakyData(): Promise<string> {
  const data = temporaryFolder();
  const repository = await createData(data);
  await commitFiles(repository, { 'a.md': 'a' }, 'begin');
  await commitFiles(repository, { 'docs/secret.md': SECRET }, 'leak');
  await repository.flusher.flush();
  await commitFiles(repository, { 'a.md': 'again' }, 'go on');
  return data;
}

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

it('a purge that is killed is finished by the next one', { timeout: 120_000 }, async ctx => {
  needs(ctx, 'git');
  const calls = await countCalls(['purge', 'docs/secret.md', '--data', await leakyData()]);
  for (const call of spread(calls, 5)) {
    const data = await leakyData();
    await killedAt(call, ['purge', 'docs/secret.md', '--data', data]);
    const when = `killed before call ${call} of ${calls}`;
    expect((await expectSound(data, when)).commits, when).toHaveLength(3);
    const { code, err } = await kittiwake(['purge', 'docs/secret.md', '--data', data]);
    expect([code, err], when).toEqual([0, '']);
    expect((await expectSound(data, when)).commits, when).toHaveLength(3);
    expect(await filesThatTell(data, SECRET), when).toEqual([]);
  }
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

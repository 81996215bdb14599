import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kittiwake } from '../support/cli.ts';
import { createData } from '../support/data-folder.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { commitFiles } from '../support/repository.ts';
import { type BucketCli, objectsOf, servedBucket } from '../support/s3-cli.ts';

const TIMEOUT_MS = 60_000;

/** A folder with pages of these texts. */
function pages(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Ids of the versions of the ledger that have so many commits, newest first. */
async function versionsOf({ done }: BucketCli, commits: number): Promise<string[]> {
  const out = await done(['restore', '--list']);
  const rows = out.split('\n').filter(line => line.includes(` ${commits} commit`));
  return rows.map(line => line.split(' ')[0] ?? '');
}

/** What `kittiwake restore` needs besides the ledger that is there. */
async function wikiOfTwoImports() {
  const bucket = await servedBucket();
  await bucket.done(['import', pages({ 'home.md': 'good' })]);
  const [firstIndex = ''] = Object.keys(await objectsOf(bucket.send)).filter(key => key.endsWith('.idx'));
  await bucket.done(['import', pages({ 'home.md': 'bad', 'more.md': 'bad' }), '--overwrite']);
  return { ...bucket, firstIndex };
}

describe('kittiwake restore', () => {
  it(
    'goes back from a bad import, tells what it undoes, and changes nothing unless told to',
    async () => {
      const bucket = await wikiOfTwoImports();
      const { done, send } = bucket;
      const before = await objectsOf(send);
      const list = (await done(['restore'])).split('\n');
      expect(list[0]).toMatch(/^version +stored +head +history$/);
      expect(list[1]).toMatch(
        /^[0-9a-f]{32} +20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ +[0-9a-f]{10} +2 commits +current$/,
      );
      const [id = ''] = await versionsOf(bucket, 1);
      const dry = await done(['restore', '--version', id]);
      expect(dry).toMatch(
        /^Now: 2 commits, the newest is [0-9a-f]{40} \(the ledger is there\)\nThen: 1 commit, /,
      );
      expect(dry).toMatch(/\nNothing was changed: --apply does it\n$/);
      expect(await objectsOf(send)).toEqual(before);
      const out = await done(['restore', '--version', id, '--apply']);
      expect(out).toMatch(
        /\nRestored: the wiki is at [0-9a-f]{40}\nNo longer in the history:\n {2}[0-9a-f]{40} .* 2 pages/,
      );
      expect(await done(['doctor'])).toMatch(/1 commits, 1 files.*\nSound\n$/);
      const back = (await versionsOf(bucket, 2))[0] ?? '';
      await done(['restore', '--version', back, '--apply']);
      expect(await done(['doctor'])).toMatch(/2 commits, 2 files.*\nSound\n$/);
    },
    TIMEOUT_MS,
  );

  it(
    'brings everything back after the whole prefix was deleted, name and all, under a running server',
    async () => {
      const bucket = await wikiOfTwoImports();
      const { done, run, send } = bucket;
      await done(['flush']);
      const server = await bucket.serve();
      expect(await server.text('Home')).toBe('bad');
      for (const key of Object.keys(await objectsOf(send))) await send('DELETE', key);
      expect((await server.call('PUT', '/pages/New', { content: 'x' })).status).toBe(500);
      expect((await run(['doctor'])).err).toMatch(/\(wiki_absent\)\n$/);
      expect(await done(['restore'])).toMatch(
        /current, deleted: there is no ledger\n.* 2 commits {2}\d+ files deleted, to be had back\n/,
      );
      const [id = ''] = await versionsOf(bucket, 2);
      const out = await done(['restore', '--version', id, '--apply']);
      expect(out).toMatch(/^Now: 2 commits, .* \(there is no ledger now\)\n/);
      expect(out).toMatch(/\nRestored: .*; \d+ files stored again\n/);
      expect(await server.text('Home')).toBe('bad');
      expect((await server.call('PUT', '/pages/New', { content: 'x' })).status).toBe(201);
      await server.stop();
      expect(await done(['doctor'])).toMatch(/3 commits, 3 files.*\nSound\n$/);
    },
    TIMEOUT_MS,
  );

  it(
    'brings a name back that alone was lost, and says so when it could not',
    async () => {
      const bucket = await wikiOfTwoImports();
      const { done, run, send, server } = bucket;
      await send('DELETE', 'some/wiki/wikis/main');
      const [id = ''] = await versionsOf(bucket, 2);
      expect(await done(['restore', '--version', id])).toMatch(/only the name "main" is lost: --apply/);
      server.switches.faults = ({ method, path }) =>
        method === 'PUT' && path.endsWith('wikis/main') ? { kind: 'answer', status: 500 } : undefined;
      expect((await run(['restore', '--version', id, '--apply'])).err).toMatch(/\(wiki_not_named\)\n$/);
      server.switches.faults = undefined;
      expect(await done(['restore', '--version', id, '--apply'])).toMatch(
        /^Restored: the name "main" stands for the wiki again\n$/,
      );
      expect(await done(['doctor'])).toMatch(/2 commits, 2 files.*\nSound\n$/);
    },
    TIMEOUT_MS,
  );

  it(
    'takes a running server back, its pages, links and search alike',
    async () => {
      const bucket = await wikiOfTwoImports();
      const server = await bucket.serve();
      const found = async (word: string) =>
        (await server.call('GET', `/search?q=${word}`)).body.results.map(
          (each: { path: string }) => each.path,
        );
      expect([await found('bad'), await found('good')]).toEqual([['Home', 'More'], []]);
      const [id = ''] = await versionsOf(bucket, 1);
      await bucket.done(['restore', '--version', id, '--apply']);
      expect([await found('bad'), await found('good')]).toEqual([[], ['Home']]);
      expect((await server.call('GET', '/pages')).body.pages).toHaveLength(1);
      expect((await server.call('GET', '/pages/More')).status).toBe(404);
      const { body } = await server.call('GET', '/pages/Home');
      const change = { content: 'better', revision: body.revision };
      expect((await server.call('PUT', '/pages/Home', change)).status).toBe(200);
      expect(await found('better')).toEqual(['Home']);
    },
    TIMEOUT_MS,
  );

  it(
    'goes back past a collection that deleted packs',
    async () => {
      const bucket = await wikiOfTwoImports();
      const { done, send } = bucket;
      const times = await done(['restore']);
      for (const text of ['a', 'b', 'c', 'd']) {
        await done(['import', pages({ [`${text}.md`]: text })]);
        await done(['flush']);
      }
      await done(['gc', '--orphans-after', '0', '--readers-grace', '0']);
      await done(['gc', '--orphans-after', '0', '--readers-grace', '0']);
      expect(Object.keys(await objectsOf(send)).filter(key => key.endsWith('.pack'))).toHaveLength(1);
      const [id = ''] = times.split('\n')[1]?.split(' ') ?? [];
      const out = await done(['restore', '--version', id, '--apply']);
      expect(out).toMatch(
        /deleted files to be had back\n.* packs to be stored under new names: theirs were condemned\n/,
      );
      expect(await done(['doctor'])).toMatch(/2 commits, 2 files.*\nSound\n$/);
    },
    TIMEOUT_MS,
  );

  it(
    'names a file that is gone for good, and leaves the wiki as it is',
    async () => {
      const bucket = await wikiOfTwoImports();
      const { done, run, send, firstIndex: key } = bucket;
      const { text } = await send('GET', '', { path: '/wikis', query: { versions: '', prefix: key } });
      const versionId = /<VersionId>(.*?)</.exec(text)?.[1] ?? '';
      await send('DELETE', key, { query: { versionId } });
      const before = await objectsOf(send);
      const [id = ''] = await versionsOf(bucket, 1);
      expect(await done(['restore'])).toContain('1 file gone for good');
      const { code, out } = await run(['restore', '--version', id, '--apply']);
      expect([code, out]).toEqual([
        1,
        expect.stringContaining(`GONE  ${key.replace('some/wiki/', '')}: no version`),
      ]);
      expect(await objectsOf(send)).toEqual(before);
    },
    TIMEOUT_MS,
  );

  it(
    'takes the newest version before a time',
    async () => {
      const { done, run } = await wikiOfTwoImports();
      const soon = new Date(Date.now() + 3_600_000).toISOString();
      const { code, err } = await run(['restore', '--before', soon]);
      expect([code, err]).toEqual([
        1,
        expect.stringMatching(/it is the current one.*\(restore_needless\)\n$/),
      ]);
      const early = await run(['restore', '--before', '2001-01-01']);
      expect([early.code, early.err]).toEqual([
        1,
        expect.stringMatching(/before 2001-01-01T.*\(version_not_found\)\n$/),
      ]);
      expect(await done(['restore', '--list', '--before', '2001-01-01'])).toBe(
        'No version of the ledger is kept\n',
      );
    },
    TIMEOUT_MS,
  );

  it(
    'refuses flags that contradict each other',
    async () => {
      const { run } = await servedBucket();
      for (const [args, text] of [
        [['--version', 'a', '--before', '2026-11-21'], 'Conflicting --version and --before'],
        [['--list', '--version', 'a'], 'Conflicting --list and --version'],
        [['--apply'], 'it needs --version or --before'],
        [['--before', 'yesterday'], 'Invalid --before "yesterday": it must be a time such as'],
      ] as const) {
        const { code, err } = await run(['restore', ...args]);
        expect([args, code, err]).toEqual([args, 2, expect.stringContaining(text)]);
      }
    },
    TIMEOUT_MS,
  );

  it(
    'lists and restores the newest writes of a folder',
    async () => {
      const data = temporaryFolder();
      const repository = await createData(data);
      for (const name of ['a.md', 'b.md', 'c.md']) await commitFiles(repository, { [name]: 'text' });
      const { out } = await kittiwake(['restore', '--data', data]);
      expect(out.split('\n').map(line => line.replace(/^(\d) .* (\d commits?)/, '$1 $2'))).toEqual([
        expect.stringMatching(/^version/),
        '4 3 commits  current',
        '3 2 commits',
        '2 1 commit',
        '1 0 commits',
        '',
      ]);
      const restored = await kittiwake(['restore', '--version', '3', '--apply', '--data', data]);
      expect([restored.code, restored.err]).toEqual([0, '']);
      expect((await kittiwake(['doctor', '--data', data])).out).toMatch(/2 commits, 2 files.*\nSound\n$/);
    },
    TIMEOUT_MS,
  );
});

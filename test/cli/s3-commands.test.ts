import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { git, temporaryFolder } from '../support/git-command.ts';
import { needs } from '../support/needs.ts';
import { objectsOf, servedBucket } from '../support/s3-cli.ts';

// Each of these is several processes.
vi.setConfig({ testTimeout: 60_000 });

/** A folder of pages. */
function pages(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'docs'));
  writeFileSync(join(folder, 'home.md'), '# Home\n\nSee [[Docs/Setup]].\n');
  writeFileSync(join(folder, 'docs', 'setup.md'), '# Setup\n');
  return folder;
}

/** What follows from the wiki: how much of it is there depends on how far the server came. */
const DERIVED = /^some\/wiki\/(projections|site)\/<uuid>\//;

describe.each([
  { profile: 'aws', versioning: true },
  { profile: 'ceph16', versioning: false },
] as const)('on S3 as $profile does it', options => {
  it('the first start makes a wiki over an empty prefix, and keeps the key and the index in the data folder', async () => {
    const { start, data, send } = await servedBucket(options);
    const server = start(['serve', '--port', '0', '--log-level', 'error']);
    const line = await server.line(/ at http/);
    expect(line).toMatch(/^Kittiwake serves a new wiki in s3:\/\/wikis\/some\/wiki at http:\/\/127/);
    const hint = await server.line(/^Try: /);
    expect(hint).toContain(`$(cat ${join(data, 'api-key')})`);
    const key = readFileSync(join(data, 'api-key'), 'utf8').trim();
    const url = `${line.replace(/^.* at /, '')}/api/v1`;
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ content: '# Intro\n' });
    expect((await fetch(`${url}/pages/Intro`, { method: 'PUT', headers, body })).status).toBe(201);
    const found = await (await fetch(`${url}/search?q=intro`, { headers })).text();
    expect(JSON.parse(found).results).toHaveLength(1);
    server.child.kill('SIGTERM');
    expect((await server.finished).code).toBe(0);
    expect(existsSync(join(data, 'search'))).toBe(true);
    const keys = Object.keys(await objectsOf(send));
    const named = keys.map(each => each.replace(/[0-9a-f]{32}/, '<uuid>'));
    expect(named.filter(each => !DERIVED.test(each))).toEqual([
      'some/wiki/ledger/<uuid>',
      'some/wiki/wikis/main',
    ]);
  });

  it('a wiki is imported, flushed, collected, examined and exported', async ctx => {
    needs(ctx, 'git');
    const { done, run } = await servedBucket(options);
    expect(await done(['wiki', 'create'])).toMatch(
      /^Created the wiki "main" in s3:\/\/wikis\/some\/wiki: [0-9a-f]{32}\n$/,
    );
    expect((await run(['wiki', 'create'])).err).toMatch(/s3:\/\/wikis\/some\/wiki .*\(wiki_exists\)\n$/);
    expect(await done(['import', pages()])).toContain('Imported 2 pages');
    expect(await done(['flush'])).toMatch(/^(Flushed \d commits into a pack|Nothing to flush)\n$/);
    expect(await done(['gc', '--orphans-after', '0'])).toContain('packs condemned');
    expect(await done(['doctor'])).toMatch(/Sound\n$/);
    const target = join(temporaryFolder(), 'wiki.git');
    await done(['export', target]);
    git(target, ['fsck', '--full', '--strict']);
    expect(git(target, ['show', 'main:docs/setup.md']).toString()).toBe('# Setup\n');
    const folder = join(temporaryFolder(), 'pages');
    await done(['export', folder]);
    expect(readFileSync(join(folder, 'home.md'), 'utf8')).toBe('# Home\n\nSee [[Docs/Setup]].\n');
  });
});

describe('on S3', () => {
  it('an import makes the wiki when there is none', async () => {
    const { done } = await servedBucket();
    expect(await done(['import', pages()])).toContain('Imported 2 pages');
    expect(await done(['doctor'])).toMatch(/1 commits, 2 files, .*\nSound\n$/);
  });

  it('no wiki is made over a prefix that holds other things, unless it is created there', async () => {
    const { run, done, send } = await servedBucket();
    await send('PUT', 'some/wiki/photos/1.jpg', { body: 'a photo' });
    const before = await objectsOf(send);
    for (const args of [
      ['serve', '--port', '0'],
      ['import', pages()],
    ]) {
      const { code, err } = await run(args);
      expect([code, err]).toEqual([
        1,
        expect.stringMatching(
          /"s3:\/\/wikis\/some\/wiki": it is not empty \(it holds "photos\/1\.jpg"\); choose an empty prefix, .*\(folder_not_ours\)\n$/,
        ),
      ]);
    }
    expect(await objectsOf(send)).toEqual(before);
    await done(['wiki', 'create']);
    expect(await objectsOf(send)).toMatchObject(before);
  });

  it('several wikis may share a prefix', async () => {
    const { done } = await servedBucket();
    await done(['import', pages()]);
    await done(['import', pages(), '--wiki', 'second', '--into', 'Copy']);
    expect(await done(['doctor', '--wiki', 'second'])).toMatch(/1 commits, 2 files, .*\nSound\n$/);
    expect(await done(['doctor'])).toMatch(/1 commits, 2 files, .*\nSound\n$/);
  });

  it('who creates a wiki in a bucket without versions is warned', async () => {
    const { run } = await servedBucket({ versioning: false });
    const { code, err } = await run(['wiki', 'create']);
    expect([code, err]).toEqual([
      0,
      'warning: the bucket "wikis" keeps no older versions: enable versioning, or a deleted wiki cannot be restored\n',
    ]);
    expect((await run(['restore'])).out).toMatch(/\nnull .* current\nThe bucket keeps no older versions: /);
  });

  it('a command on a prefix without a wiki says where none is, and what to do', async () => {
    const { run } = await servedBucket();
    for (const args of [['flush'], ['gc'], ['doctor'], ['export', 'nowhere'], ['restore']]) {
      const { code, err } = await run(args);
      expect([args, code, err]).toEqual([
        args,
        1,
        expect.stringMatching(
          /s3:\/\/wikis\/some\/wiki holds none .*create it first, or name another one with --wiki \(wiki_absent\)\n$/,
        ),
      ]);
    }
  });
});

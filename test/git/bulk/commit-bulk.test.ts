import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { commitBulk } from '../../../src/git/bulk/commit-bulk.ts';
import { examine } from '../../../src/git/doctor/doctor.ts';
import type { LedgerRepository } from '../../../src/git/open.ts';
import { openRepository } from '../../../src/git/open.ts';
import { nativeGit } from '../../support/native-git.ts';
import { commitFiles, exportTo } from '../../support/repository.ts';
import { bulkOf, describePage, manyPages, newWiki, storeRun } from './bulk-support.ts';

/** All files of the head, and what git itself thinks of the wiki. */
async function exported(repository: LedgerRepository): Promise<{ folder: string; tree: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-export-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await exportTo(repository, folder);
  nativeGit(folder, 'fsck', '--full', '--strict');
  return { folder, tree: nativeGit(folder, 'rev-parse', 'HEAD^{tree}').trim() };
}

/** What doctor finds, but for files of no ledger. */
async function problems(repository: LedgerRepository): Promise<unknown[]> {
  const { store, uuid, runtime } = repository;
  const fresh = openRepository({ store, uuid, runtime, describe: describePage, isPage: repository.isPage });
  return (await examine(fresh)).findings.filter(({ severity }) => severity !== 'note');
}

/** The tree that `git fast-import` makes of the same files. */
function fastImported(files: Iterable<readonly [string, string]>): string {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-fast-import-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  nativeGit(folder, 'init', '-q', '--bare', '.');
  const parts = ['commit refs/heads/main\ncommitter Ann <ann@example.org> 1700000000 +0000\ndata 0\n'];
  for (const [path, text] of files) {
    parts.push(`M 100644 inline ${JSON.stringify(path)}\ndata ${Buffer.byteLength(text)}\n${text}\n`);
  }
  execFileSync('git', ['fast-import', '--quiet'], { cwd: folder, input: parts.join('') });
  return nativeGit(folder, 'rev-parse', 'refs/heads/main^{tree}').trim();
}

async function textOf(repository: LedgerRepository, path: string): Promise<string | undefined> {
  const view = await repository.view({ maxAgeMs: 0 });
  const file = await view.file(path);
  return file && (await view.blob(file.oid)).toString();
}

test('many runs become the tree that fast-import makes, in one commit', async () => {
  const repository = await newWiki();
  const files = [
    ...manyPages(1000),
    ['ü/Ä.md', 'x'],
    ['\u{1f600}.md', '[all]'],
    ['a-b/c.md', 'y'],
    ['a/b.png', 'z'],
  ] as const;
  const shuffled = files.toSorted(([a], [b]) =>
    Buffer.compare(Buffer.from(a).reverse(), Buffer.from(b).reverse()),
  );
  const runs = [];
  for (let at = 0; at < shuffled.length; at += 150)
    runs.push(await storeRun(repository, shuffled.slice(at, at + 150), { firstRow: at + 1 }));
  const { commit, counts } = await commitBulk(await bulkOf(repository, runs));
  expect(counts).toMatchObject({ written: 1004, pages: 1003, pagesAfter: 1003, unchanged: 0, refused: 0 });
  const { folder, tree } = await exported(repository);
  expect(tree).toBe(fastImported(files));
  expect(nativeGit(folder, 'log', '--format=%H %an %s').trim()).toBe(`${commit} Ann Import 1004 files`);
  expect(await problems(repository)).toEqual([]);
  expect(await textOf(repository, 'ü/Ä.md')).toBe('x');
});

test('what stands there already is merged in', async () => {
  const repository = await newWiki();
  await commitFiles(repository, {
    'a/old.md': 'old [gone]',
    'a/same.md': 'same',
    'a/z/deep.md': 'deep',
    'b.md': 'b',
  });
  await repository.flusher.flush();
  await commitFiles(repository, { 'a/later.md': 'later', 'c/x.md': 'x [all]' });
  const run = await storeRun(repository, [
    ['a/old.md', 'new [here]'],
    ['a/same.md', 'same'],
    ['a/between.md', 'between'],
    ['a/z/more.md', 'more'],
    ['c/x.md', 'plain'],
    ['new/folder/page.md', 'page'],
  ]);
  const { counts } = await commitBulk(await bulkOf(repository, [run]));
  expect(counts).toMatchObject({ written: 5, unchanged: 1, pages: 5, pagesAfter: 9 });
  const { tree } = await exported(repository);
  expect(tree).toBe(
    fastImported([
      ['a/old.md', 'new [here]'],
      ['a/same.md', 'same'],
      ['a/z/deep.md', 'deep'],
      ['b.md', 'b'],
      ['a/later.md', 'later'],
      ['c/x.md', 'plain'],
      ['a/between.md', 'between'],
      ['a/z/more.md', 'more'],
      ['new/folder/page.md', 'page'],
    ]),
  );
  expect(await problems(repository)).toEqual([]);
  const view = await repository.view();
  expect(await view.sources('gone')).toEqual([]);
  expect(await view.sources('all')).toEqual([]);
  expect(await view.sources('here')).toEqual(['a/old.md']);
  expect((await view.usage()).pages).toBe(9);
});

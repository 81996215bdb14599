import { expect, test } from 'vitest';
import { commitBulk } from '../../../src/git/bulk/commit-bulk.ts';
import { nativeGit } from '../../support/native-git.ts';
import { commitFiles } from '../../support/repository.ts';
import type { Left } from './bulk-support.ts';
import { bulkOf, manyPages, newWiki, storeRun } from './bulk-support.ts';
import { allTexts, exported, fastImported, problems, reopened, textOf } from './verify.ts';

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

test('of two rows of one path the first stays, and its repetition counts as unchanged', async () => {
  const repository = await newWiki();
  const left: Left = [];
  const runs = [
    await storeRun(
      repository,
      [
        ['a.md', 'second'],
        ['b.md', 'b'],
      ],
      { firstRow: 10 },
    ),
    await storeRun(
      repository,
      [
        ['a.md', 'first'],
        ['b.md', 'b'],
      ],
      { firstRow: 3 },
    ),
    await storeRun(repository, [['a.md', 'other source']], { source: 1 }),
  ];
  const { counts } = await commitBulk(await bulkOf(repository, runs, left));
  expect(await allTexts(repository)).toEqual({ 'a.md': 'first', 'b.md': 'b' });
  expect(left).toEqual([
    ['a.md', 'path_duplicate'],
    ['a.md', 'path_duplicate'],
  ]);
  expect(counts).toMatchObject({ written: 2, unchanged: 1, refused: 2 });
});

test('names that collide, clash or are unsafe are left out, the rest is written', async () => {
  const repository = await newWiki();
  await commitFiles(repository, { 'File.md': 'x', plain: 'a file', 'folder/x.md': 'x' });
  const left: Left = [];
  const run = await storeRun(repository, [
    ['file.md', 'case'],
    ['plain/below.md', 'below a file'],
    ['folder', 'a folder'],
    ['new', 'a file'],
    ['new/below.md', 'below it'],
    ['z/K.md', 'upper case'],
    ['z/k.md', 'lower case'],
    ['z/\u212a.md', 'Kelvin'],
    ['u/\u00e9.md', 'composed'],
    ['u/e\u0301.md', 'decomposed'],
    ['D/a.md', 'a'],
    ['d/b.md', 'b'],
    ['.git/config', 'x'],
    ['g/.GIT', 'x'],
    ['g/fine.md', 'fine'],
  ]);
  const { counts } = await commitBulk(await bulkOf(repository, [run], left));
  expect(Object.keys(await allTexts(repository)).sort()).toEqual(
    ['File.md', 'plain', 'folder/x.md', 'new', 'z/K.md', 'u/e\u0301.md', 'D/a.md', 'g/fine.md'].sort(),
  );
  expect(Object.fromEntries(left)).toEqual({
    'file.md': 'path_collides',
    'plain/below.md': 'path_clash',
    folder: 'path_clash',
    'new/below.md': 'path_clash',
    'z/k.md': 'path_collides',
    'z/\u212a.md': 'path_collides',
    'u/\u00e9.md': 'path_collides',
    'd/b.md': 'path_collides',
    '.git/config': 'path_unsafe',
    'g/.GIT': 'path_unsafe',
  });
  expect(counts).toMatchObject({ written: 5, refused: 10, pages: 4, pagesAfter: 6 });
  expect(await problems(repository)).toEqual([]);
});

test('who may not write a file is not told what stands in its way', async () => {
  const repository = await newWiki();
  await commitFiles(repository, { 'File.md': 'x', plain: 'a file', 'folder/x.md': 'x' });
  const left: Left = [];
  const run = await storeRun(repository, [
    ['file.md', 'case'],
    ['folder', 'a folder'],
    ['plain/below.md', 'below a file'],
    ['mine.md', 'mine'],
  ]);
  const refusal = { code: 'forbidden', message: 'Not here' };
  await commitBulk({
    ...(await bulkOf(repository, [run], left)),
    refuse: () => path => (path === 'mine.md' ? undefined : refusal),
  });
  expect(left.map(([, code]) => code)).toEqual(['forbidden', 'forbidden', 'forbidden']);
  expect(await allTexts(repository)).toMatchObject({ 'mine.md': 'mine' });
});

test('each decision on a file that stands there is carried out', async () => {
  const repository = await newWiki();
  await commitFiles(repository, {
    'd/keep.md': '1 [k]',
    'd/merge.md': '1 [m]',
    'd/refuse.md': '1',
    'd/write.md': '1',
  });
  const left: Left = [];
  const run = await storeRun(
    repository,
    ['keep', 'merge', 'refuse', 'write'].map(name => [`d/${name}.md`, `2 [${name}]`] as const),
  );
  const met: string[] = [];
  const { commit, counts } = await commitBulk({
    ...(await bulkOf(repository, [run], left)),
    async decide({ row, present, content }, view) {
      met.push(`${(await view.blob(present.oid)).toString()} / ${(await content()).toString()}`);
      if (row.path === 'd/keep.md') return { kind: 'keep' };
      if (row.path === 'd/merge.md') return { kind: 'replace', bytes: Buffer.from('1 and 2 [both]') };
      if (row.path === 'd/write.md') return { kind: 'write' };
      return { kind: 'refuse', refusal: { code: 'page_exists', message: 'It is there' } };
    },
  });
  expect(met).toEqual(['1 [k] / 2 [keep]', '1 [m] / 2 [merge]', '1 / 2 [refuse]', '1 / 2 [write]']);
  expect(await allTexts(repository)).toEqual({
    'd/keep.md': '1 [k]',
    'd/merge.md': '1 and 2 [both]',
    'd/refuse.md': '1',
    'd/write.md': '2 [write]',
  });
  expect(left).toEqual([['d/refuse.md', 'page_exists']]);
  expect(counts).toMatchObject({ written: 2, replaced: 1, kept: 1, refused: 1, pagesAfter: 4 });
  const view = await repository.view();
  expect([await view.sources('m'), await view.sources('both'), await view.sources('k')]).toEqual([
    [],
    ['d/merge.md'],
    ['d/keep.md'],
  ]);
  expect((await view.logEntry(commit ?? ''))?.changes.map(({ path }) => path)).toEqual([
    'd/merge.md',
    'd/write.md',
  ]);
  expect(await problems(repository)).toEqual([]);
});

test('nothing is committed where nothing changes, where a check refuses, and a second time', async () => {
  const repository = await newWiki();
  const run = await storeRun(repository, manyPages(10));
  const bulk = await bulkOf(repository, [run]);
  const refusal = new Error('over the quota');
  await expect(commitBulk({ ...bulk, check: () => Promise.reject(refusal) })).rejects.toBe(refusal);
  expect((await repository.view({ maxAgeMs: 0 })).head).toBeUndefined();
  const first = await commitBulk(bulk);
  const repeated = await commitBulk({ ...bulk, repository: reopened(repository) });
  expect(repeated).toMatchObject({
    commit: first.commit,
    isRepeated: true,
    counts: { written: 0, pagesAfter: 10 },
  });
  const again = await commitBulk(await bulkOf(repository, [run]));
  expect(again).toMatchObject({ commit: undefined, counts: { unchanged: 10, written: 0, pagesAfter: 10 } });
});

test('the log tells the first thousand changes and how many more there are; everything else is whole', async () => {
  const repository = await newWiki();
  await commitFiles(repository, { 'before.md': 'b' });
  const files = [...manyPages(2500)];
  const { commit = '' } = await commitBulk(await bulkOf(repository, [await storeRun(repository, files)]));
  const other = reopened(repository);
  const view = await other.view();
  const entry = await view.logEntry(commit);
  expect([entry?.changes.length, entry?.omitted]).toEqual([1000, 1500]);
  const paths = files.map(([path]) => path);
  for (const path of [paths[0], paths[1234], paths[2499]] as string[]) {
    const touches = [];
    for await (const touch of view.touches(path)) touches.push(touch.commit);
    expect(touches).toEqual([commit]);
    expect((await view.file(path))?.commit).toBe(commit);
  }
  expect((await view.sources('all')).length).toBe(2500);
  expect((await view.described()).length).toBe(2501);
  expect((await view.lastChange({ commit }))?.message).toBe('Import 2500 files\n');
  expect(await view.resolve(commit.slice(0, 10))).toEqual([commit]);
});

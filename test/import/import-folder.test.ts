import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examine } from '../../src/git/doctor/doctor.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { collectGarbage } from '../../src/git/upkeep/gc.ts';
import { type FolderImportOptions, importFolder } from '../../src/import/import-folder.ts';
import { allOf, noise } from '../support/large-files.ts';
import { commitFiles, newRepository } from '../support/repository.ts';

let folder = '';
let repository: LedgerRepository;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kittiwake-import-'));
  repository = await newRepository();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function run(options: Partial<FolderImportOptions> = {}) {
  return importFolder({
    folder,
    repository,
    existing: 'refuse',
    hidden: false,
    attachments: 'beside',
    into: '',
    retainPageNameCase: false,
    maxFileBytes: 1_000_000,
    author: { name: 'Ann', email: 'ann@example.org' },
    message: (pages, files) => `${pages} pages, ${files} files`,
    progress: { phase: () => undefined, advance: () => undefined },
    ...options,
  });
}

/** Everything in the newest commit. */
async function contents(): Promise<Record<string, string>> {
  const view = await repository.view();
  if (view.head === undefined) return {};
  const files = await view.files('');
  const read = files.map(async ({ path, oid }) => [path, (await view.blob(oid)).toString('latin1')] as const);
  return Object.fromEntries(await Promise.all(read));
}

async function errorsFound(): Promise<unknown[]> {
  return (await examine(repository)).findings.filter(finding => finding.severity === 'error');
}

describe('importing a folder', () => {
  it('brings pages and their files in, byte for byte, as one commit', async () => {
    const picture = Buffer.from([0, 255, 1, 254]);
    put('Home.md', '# Home\r\n');
    put('Docs/Intro.md', '');
    put('Docs/Intro/Picture.PNG', picture);
    const report = await run();
    expect(report).toMatchObject({ pages: 2, attachments: 1, commits: 1, left: [], bytes: 12 });
    expect(await contents()).toEqual({
      'docs/intro/Picture.PNG': picture.toString('latin1'),
      'docs/intro.md': '',
      'home.md': '# Home\r\n',
    });
    const view = await repository.view();
    expect(view.head).toBe(report.head);
    expect(await view.commit(report.head ?? '')).toMatchObject({
      parents: [],
      message: '2 pages, 1 files\n',
      author: { name: 'Ann', email: 'ann@example.org' },
    });
    expect(await errorsFound()).toEqual([]);
  });

  it('adds to a wiki that has pages, and commits nothing the second time', async () => {
    const first = await commitFiles(repository, { 'docs/old.md': 'old', 'a.md': 'same' });
    put('docs/new.md', 'new');
    put('a.md', 'same');
    const report = await run();
    expect(report).toMatchObject({ pages: 1, unchanged: 1, commits: 1 });
    expect((await (await repository.view()).commit(report.head ?? ''))?.parents).toEqual([first]);
    expect(await contents()).toEqual({ 'a.md': 'same', 'docs/new.md': 'new', 'docs/old.md': 'old' });
    expect(await run()).toMatchObject({ pages: 0, unchanged: 2, commits: 0, head: undefined });
    expect((await repository.view()).head).toBe(report.head);
  });

  it('refuses to replace pages unless told to, and changes nothing', async () => {
    const head = await commitFiles(repository, { 'a.md': 'theirs' });
    put('a.md', 'mine');
    put('b.md', 'new');
    await expect(run()).rejects.toMatchObject({ code: 'pages_exist', data: { paths: ['a.md'] } });
    expect((await repository.view()).head).toBe(head);
    expect(await run({ existing: 'skip' })).toMatchObject({ pages: 1, kept: 1 });
    expect(await contents()).toEqual({ 'a.md': 'theirs', 'b.md': 'new' });
    expect(await run({ existing: 'overwrite' })).toMatchObject({ pages: 1, unchanged: 1 });
    expect(await contents()).toEqual({ 'a.md': 'mine', 'b.md': 'new' });
  });

  it('leaves out what cannot be a page, says why, and takes the rest', async () => {
    await commitFiles(repository, { file: 'x', 'folder.md/page.md': 'x' });
    put('latin.md', Buffer.from([0x66, 0xfc, 0x72]));
    put('large.md', 'x'.repeat(101));
    put('file/page.md', 'x');
    put('folder.md', 'x');
    put('back\\slash.md', 'x');
    put('good.md', 'good');
    const { left, pages } = await run({ maxFileBytes: 100 });
    expect(pages).toBe(1);
    expect(Object.fromEntries(left.map(({ path, reason }) => [path, reason]))).toEqual({
      'latin.md': 'not UTF-8 text',
      'large.md': 'too large: 101 bytes, the limit is 100',
      'file/page.md': 'the wiki has a file where a folder is needed',
      'folder.md': 'the wiki has a folder of this name',
      'back\\slash.md': expect.stringContaining('backslash'),
    });
    expect((await contents())['good.md']).toBe('good');
  });

  it('refuses a folder without a page', async () => {
    put('data.bin', 'x');
    await expect(run()).rejects.toMatchObject({ code: 'nothing_to_import' });
    expect((await repository.view()).head).toBeUndefined();
  });

  it('loses nothing that others write meanwhile', async () => {
    for (let index = 0; index < 50; index += 1) put(`mine/${index}.md`, `text ${index}`);
    const others = Array.from({ length: 8 }, (_, index) =>
      commitFiles(repository, { [`theirs/${index}.md`]: 'x' }),
    );
    await Promise.all([run(), ...others]);
    expect(Object.keys(await contents())).toHaveLength(58);
    expect((await repository.view()).ordinal).toBe(8);
    expect(await errorsFound()).toEqual([]);
  });

  it('changes nothing when it is stopped, and can be run again', async () => {
    for (let index = 0; index < 20; index += 1) put(`${index}.md`, `text ${index}`);
    const controller = new AbortController();
    let steps = 0;
    const progress = {
      phase: () => undefined,
      advance: () => {
        steps += 1;
        if (steps === 30) controller.abort(new Error('enough'));
      },
    };
    await expect(run({ progress, signal: controller.signal })).rejects.toThrow('enough');
    expect((await repository.view()).head).toBeUndefined();
    expect(await errorsFound()).toEqual([]);
    expect(await run()).toMatchObject({ pages: 20, commits: 1 });
  });

  it('brings in more than one pack holds', async () => {
    const text = (seed: number) => Buffer.alloc(9_000_000, `page ${seed} `);
    for (let seed = 0; seed < 5; seed += 1) put(`${seed}.md`, text(seed));
    expect(await run({ maxFileBytes: 10_000_000 })).toMatchObject({ pages: 5, bytes: 45_000_000 });
    expect((await repository.ledger()).packs.length).toBeGreaterThan(1);
    const view = await repository.view();
    const last = await view.file('4.md');
    expect((await view.blob(last?.oid ?? '')).equals(text(4))).toBe(true);
    expect(await errorsFound()).toEqual([]);
  });
});

describe('while a folder is imported', () => {
  /** Runs `work` once, when all files are read and none is visible yet. */
  const meanwhile = (work: () => Promise<unknown>) => {
    let done = false;
    return {
      message(pages: number) {
        if (!done) pending = work();
        done = true;
        return `Import: ${pages}`;
      },
    };
  };
  let pending: Promise<unknown> = Promise.resolve();

  it('a page that somebody writes is not replaced', async () => {
    put('a.md', 'from the folder');
    put('b.md', 'from the folder');
    const other = meanwhile(() => commitFiles(repository, { 'a.md': 'from somebody' }));
    await expect(run(other)).rejects.toMatchObject({ code: 'pages_exist', data: { paths: ['a.md'] } });
    await pending;
    const view = await repository.view();
    expect((await view.files('')).map(file => file.path)).toEqual(['a.md']);
  });

  it('such a page is kept with --skip, and counted so', async () => {
    put('a.md', 'from the folder');
    put('b.md', 'from the folder');
    const other = meanwhile(() => commitFiles(repository, { 'a.md': 'from somebody' }));
    expect(await run({ ...other, existing: 'skip' })).toMatchObject({ pages: 1, kept: 1, commits: 1 });
    const view = await repository.view();
    expect((await view.blob((await view.file('a.md'))?.oid ?? '')).toString()).toBe('from somebody');
    expect(await view.file('b.md')).toBeDefined();
    expect((await examine(repository)).findings).toEqual([]);
  });

  it('its packs may be condemned, and are then not listed', async () => {
    put('a.md', 'x');
    const put1 = repository.store.put.bind(repository.store);
    let collected = 0;
    repository.store.put = async (key, body, options) => {
      const outcome = await put1(key, body, options);
      // The map is the last file that is stored before the swap.
      if (key.endsWith('.map') && collected === 0)
        collected = (await collectGarbage(repository, { orphanGraceMs: 0 })).condemned.length;
      return outcome;
    };
    await expect(run()).rejects.toMatchObject({ code: 'packs_collected' });
    expect(collected).toBe(1);
    await collectGarbage(repository, { readerGraceMs: 0 });
    expect((await repository.view()).head).toBeUndefined();
    expect((await examine(repository)).findings).toEqual([]);
  });

  it('brings a large file in as a pack of its own, and knows it again', async () => {
    const film = noise(17 << 20);
    put('home.md', 'x');
    put('home/film.mp4', film);
    put('home/copy.mp4', film);
    put('zero/film.mp4', 'small');
    const options = { maxAttachmentBytes: 32 << 20, attachments: 'all' } as const;
    expect(await run(options)).toMatchObject({ pages: 1, attachments: 3, left: [] });
    const { packs } = await repository.ledger();
    expect(packs.filter(pack => pack.objects === 1 && pack.map === undefined)).toHaveLength(1);
    const view = await repository.view();
    const file = await view.file('home/film.mp4');
    expect(await view.file('home/copy.mp4')).toMatchObject({ oid: file?.oid, size: film.length });
    expect((await allOf((await view.openBlob(file?.oid ?? '')).chunks)).equals(film)).toBe(true);
    expect(await run(options)).toMatchObject({ unchanged: 4, commits: 0 });
    expect(await errorsFound()).toEqual([]);
  });

  it('leaves a large file out that cannot be read, or changes while it is read', async () => {
    put('home.md', 'x');
    put('home/film.mp4', noise(9 << 20));
    const grow = {
      phase: () => appendFileSync(join(folder, 'home/film.mp4'), 'more'),
      advance: () => undefined,
    };
    const report = await run({ maxAttachmentBytes: 32 << 20, progress: grow });
    expect(report).toMatchObject({
      pages: 1,
      attachments: 0,
      left: [{ path: 'home/film.mp4', reason: expect.stringContaining('more than') }],
    });
    expect(Object.keys(await contents())).toEqual(['home.md']);
    expect(await errorsFound()).toEqual([]);
  });
});

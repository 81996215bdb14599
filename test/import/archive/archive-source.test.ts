import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ArchiveOptions } from '../../../src/import/archive/archive-options.ts';
import type { ArchiveSource } from '../../../src/import/archive/archive-source.ts';
import { openArchive, openArchiveFolder } from '../../../src/import/archive/open-archive.ts';
import { openLocalFile } from '../../../src/import/source/bytes/local-file.ts';
import type { SourceFile } from '../../../src/import/source.ts';
import { openBytes, rawZip, readAll, zipOf } from './zip-maker.ts';

const naming = { retainPageNameCase: false, wikilinkStyle: '' };

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kittiwake-archive-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function read(bytes: Buffer, options: Partial<ArchiveOptions> = {}) {
  return await readAll(await openBytes(bytes, options));
}

async function openZipFile(file: SourceFile): Promise<ArchiveSource> {
  const source = await openArchive(file, { naming });
  if (source === undefined) throw new Error('It is a workbook');
  return source;
}

function put(path: string, content: string | Buffer): void {
  const full = join(root, 'vault', path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
}

describe('rows of an archive', () => {
  it('are pages with their text and other files with their bytes', async () => {
    const { rows, failures } = await read(
      await zipOf({ 'Docs/Intro.markdown': '# Hi\n', 'Docs/plan.PNG': 'png', 'Docs/Intro/a.csv': 'a,b' }),
    );
    expect(failures).toEqual([]);
    expect(rows.sort((a, b) => a.row - b.row)).toEqual([
      { path: 'Docs/Intro.md', row: 1, text: '# Hi\n' },
      { path: 'Docs/Intro/a.csv', row: 2, text: 'a,b' },
      { path: 'Docs/plan.PNG', row: 3, text: 'png' },
    ]);
  });

  it('are the same of a folder and of what zip makes of it', async () => {
    for (const path of ['b.md', 'a-b.md', 'a/z.md', 'a/Ü ß.md', 'a/b/pic.png', 'a.md', 'far/off.bin'])
      put(path, `text of ${path}\n`.repeat(50));
    put('.hidden/x.md', 'x');
    put('a/.git/config', 'x');
    symlinkSync('/etc/passwd', join(root, 'vault', 'link.md'));
    const zip = join(root, 'vault.zip');
    execFileSync('zip', ['-qry', zip, '.'], { cwd: join(root, 'vault') });
    const folder = await readAll(await openArchiveFolder(join(root, 'vault'), { naming }));
    const file = await openLocalFile(zip);
    const archive = await readAll(await openZipFile(file));
    await file.close();
    const byRow = (rows: { row: number }[]) => [...rows].sort((a, b) => a.row - b.row);
    expect(folder.rows.map(row => row.path)).toEqual([
      'a-b.md',
      'a.md',
      'a/b/pic.png',
      'a/z.md',
      'a/Ü ß.md',
      'b.md',
    ]);
    expect(byRow(archive.rows)).toEqual(folder.rows);
    expect(archive.failures).toEqual([{ row: 8, code: 'entry_link' }]);
    expect(folder.failures).toEqual(archive.failures);
  });

  it('come with the pages of code page 437, of UTF-8 without a flag, and with a flag', async () => {
    const bytes = rawZip([
      { name: Buffer.from([0x81, 0x2e, 0x6d, 0x64]), flags: 0, content: 'a' },
      { name: 'ö.md', flags: 0, content: 'b' },
      { name: 'ä.md', content: 'c' },
    ]);
    expect((await read(bytes)).rows.map(row => row.path).sort()).toEqual(['ä.md', 'ö.md', 'ü.md']);
  });

  it('leave out what belongs to no page, and say so', async () => {
    const bytes = await zipOf({
      'docs/a.md': '',
      'lib/code.js': '',
      '__MACOSX/docs/._a.md': '',
      '.x/y.md': '',
    });
    const source = await openBytes(bytes);
    expect((await readAll(source)).rows.map(row => row.path)).toEqual(['docs/a.md']);
    expect(source.left.told).toEqual([
      { path: '__MACOSX', reason: 'made by macOS' },
      { path: '.x', reason: 'hidden' },
      { path: 'lib/code.js', reason: 'not beside a page' },
    ]);
    const all = await read(bytes, { attachments: 'all', hidden: true });
    expect(all.rows.map(row => row.path).sort()).toEqual(['.x/y.md', 'docs/a.md', 'lib/code.js']);
  });

  it('take a page that is no UTF-8 as the bytes that it is', async () => {
    const { rows } = await read(rawZip([{ name: 'Old.MD', content: Buffer.from([0xff, 0xfe]) }]));
    expect(rows.map(row => row.path)).toEqual(['old.md']);
  });

  it('go on from every position, and come in parts, as when read through', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 700 }, (_, index) => [
        `p${(index * 37) % 700}.md`,
        `text ${index} `.repeat(index),
      ]),
    );
    const source = await openBytes(await zipOf(files));
    const all = await readAll(source);
    expect(all.rows).toHaveLength(700);
    let before = 0;
    for await (const chunk of source.rows()) {
      before += chunk.rows.length;
      const rest = await readAll(source, { from: JSON.parse(JSON.stringify(chunk.position)) });
      expect(rest.rows).toEqual(all.rows.slice(before));
    }
    const parts = await source.parts(4);
    expect(parts).toHaveLength(4);
    const read = await Promise.all(parts.map(part => readAll(source, part)));
    expect(read.flatMap(part => part.rows)).toEqual(all.rows);
    for (const part of read) expect(part.rows.length).toBeGreaterThan(40);
  });

  it('are none of a workbook', async () => {
    const bytes = await zipOf({ '[Content_Types].xml': '', 'xl/workbook.xml': '', 'xl/a.md': '' });
    await expect(openBytes(bytes)).rejects.toThrow('workbook');
  });

  it('count the bytes of the archive up to all of them', async () => {
    const bytes = await zipOf({ 'a.md': 'a'.repeat(1000), 'b.md': 'b' });
    const source = await openBytes(bytes);
    const chunks = await Array.fromAsync(source.rows());
    expect(source.bytesTotal).toBe(bytes.length);
    expect(chunks.at(-1)?.bytesRead).toBe(bytes.length);
  });
});

describe('an archive inside of an archive', () => {
  it('is read where nothing else is there, stored or compressed, of any number', async () => {
    for (const compress of [true, false]) {
      const outer = await zipOf(
        {
          'Export-1-Part-1.zip': await zipOf({ 'a.md': 'a', 'c.md': 'c' }),
          'Export-1-Part-2.zip': await zipOf({ 'b.md': 'b' }),
        },
        compress,
      );
      expect((await read(outer)).rows).toEqual([
        { path: 'a.md', row: 1, text: 'a' },
        { path: 'c.md', row: 3, text: 'c' },
        { path: 'b.md', row: 2, text: 'b' },
      ]);
    }
  });

  it('is an attachment beside a page, and is not unpacked a second time', async () => {
    const inner = await zipOf({ 'a.md': 'a' });
    expect((await read(await zipOf({ 'x.md': '', 'a.zip': inner }))).rows.map(row => row.path)).toEqual([
      'x.md',
      'a.zip',
    ]);
    const twice = await zipOf({ 'outer.zip': await zipOf({ 'inner.zip': inner }) });
    expect((await read(twice)).rows).toEqual([]);
  });

  it('is refused when it is compressed twice and large', async () => {
    const outer = await zipOf({ 'a.zip': await zipOf({ 'a.md': 'a' }) });
    await expect(read(outer, { bounds: { maxInnerBytes: 10 } })).rejects.toMatchObject({
      code: 'source_unsupported',
    });
  });
});

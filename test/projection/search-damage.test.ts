import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { openSqlite } from '../../src/db/sqlite.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { commitFiles } from '../support/repository.ts';
import { countedPageText, found, newWiki, openIndex, temporaryFile } from './search-support.ts';

async function wikiOf(count: number): Promise<LedgerRepository> {
  const wiki = await newWiki();
  await commitFiles(wiki, pages(count));
  return wiki;
}

function pages(count: number): Record<string, string> {
  const files = Array.from({ length: count }, (_, n) => [`p${n}.md`, `gull number ${n} `.repeat(50)]);
  return Object.fromEntries(files);
}

/** The database that the link points to. */
const real = (file: string) => realpathSync(file);

const setAside = (file: string) => readdirSync(dirname(file)).filter(name => name.includes('.aside-'));

describe('a search index whose file', () => {
  it('is deleted while it is open is made again', async () => {
    const file = temporaryFile('pages.sqlite');
    const [wiki, index] = [await wikiOf(20), openIndex({ file })];
    expect(await found(index, wiki, 'gull')).toHaveLength(20);
    const name = real(file);
    for (const suffix of ['', '-wal', '-shm']) rmSync(name + suffix, { force: true });
    await commitFiles(wiki, { 'p20.md': 'a gull more' });
    expect(await found(index, wiki, 'gull')).toHaveLength(21);
    expect(await found(openIndex({ file }), wiki, 'gull')).toHaveLength(21);
  });

  it('is deleted, and its link left behind, is made again', async () => {
    const file = temporaryFile('pages.sqlite');
    const [wiki, index, other] = [await wikiOf(20), openIndex({ file }), openIndex({ file })];
    expect(await found(index, wiki, 'gull')).toHaveLength(20);
    rmSync(real(file));
    expect(await found(other, wiki, 'gull')).toHaveLength(20);
    expect(await found(index, wiki, 'gull')).toHaveLength(20);
    await index.close();
    await commitFiles(wiki, { 'p20.md': 'a gull more' });
    expect(await found(other, wiki, 'gull')).toHaveLength(21);
    expect(await found(openIndex({ file }), wiki, 'gull')).toHaveLength(21);
  });

  it('has lost its link is made again, and the old one removed', async () => {
    const file = temporaryFile('pages.sqlite');
    const [wiki, index] = [await wikiOf(20), openIndex({ file })];
    expect(await found(index, wiki, 'gull')).toHaveLength(20);
    const old = real(file);
    rmSync(file);
    expect(await found(openIndex({ file }), wiki, 'gull')).toHaveLength(20);
    expect(await found(index, wiki, 'gull')).toHaveLength(20);
    expect([existsSync(old), existsSync(`${old}-wal`)]).toEqual([false, false]);
    expect(real(file)).not.toBe(old);
  });

  it('is deleted in the middle of a rebuild is made again', async () => {
    const file = temporaryFile('pages.sqlite');
    const wiki = await wikiOf(600);
    const counted = countedPageText();
    const index = openIndex({
      file,
      pageText: (path, bytes) => {
        if (counted.paths.length === 400) rmSync(file);
        return counted.pageText(path, bytes);
      },
    });
    await index.catchUp(await wiki.view());
    expect(await found(index, wiki, 'gull')).toHaveLength(600);
    expect(counted.paths).toHaveLength(1_200);
  });

  it('is no database is set aside', async () => {
    const file = temporaryFile('pages.sqlite');
    writeFileSync(file, 'A letter to my gull.\n'.repeat(100));
    const [wiki, index] = [await wikiOf(3), openIndex({ file })];
    expect(await found(index, wiki, 'gull')).toHaveLength(3);
    const [aside = ''] = setAside(file);
    expect(readFileSync(`${dirname(file)}/${aside}`, 'utf8')).toMatch(/^A letter/);
  });

  it('is a database of something else is set aside, with all that is in it', async () => {
    const file = temporaryFile('pages.sqlite');
    const foreign = await openSqlite({ file, runtime: systemRuntime });
    foreign.driver.exec('create table page (x); insert into page values (7)');
    const [wiki, index] = [await wikiOf(3), openIndex({ file })];
    expect(await found(index, wiki, 'gull')).toHaveLength(3);
    foreign.close();
    const [aside = ''] = setAside(file);
    const kept = await openSqlite({ file: `${dirname(file)}/${aside}`, runtime: systemRuntime });
    expect(kept.driver.prepare('select x from page').pluck().get()).toBe(7);
    kept.close();
  });

  it('is of a later version is made again', async () => {
    const file = temporaryFile('pages.sqlite');
    const [wiki, index] = [await wikiOf(3), openIndex({ file })];
    expect(await found(index, wiki, 'gull')).toHaveLength(3);
    const later = await openSqlite({ file, runtime: systemRuntime });
    later.driver.exec("insert into kittiwake_migration values ('search', '9999-later', 'x', 0)");
    later.close();
    await index.close();
    expect(await found(index, wiki, 'gull')).toHaveLength(3);
    expect((await index.status()).repairs).toBe(1);
    expect(setAside(file)).toEqual([]);
  });

  it.each([
    ['truncated', (file: string) => truncateSync(file, 40_000)],
    ['overwritten in the middle', (file: string) => spoil(file, 8_192, 120_000)],
    ['overwritten at its start', (file: string) => spoil(file, 0, 4_096)],
    ['emptied', (file: string) => truncateSync(file, 0)],
  ])('is %s is made again', async (_, damage) => {
    const file = temporaryFile('pages.sqlite');
    const wiki = await wikiOf(100);
    const index = openIndex({ file });
    expect(await found(index, wiki, 'gull')).toHaveLength(100);
    await index.close();
    damage(file);
    await commitFiles(wiki, { 'p7.md': 'tern', 'p100.md': 'gull' });
    expect(await found(index, wiki, 'gull')).toHaveLength(100);
    expect(await found(index, wiki, 'ter')).toEqual(['p7.md']);
  });

  it('is an older copy of itself goes on from there', async () => {
    const [file, copy] = [temporaryFile('pages.sqlite'), temporaryFile('copy.sqlite')];
    const { pageText, paths } = countedPageText();
    const [wiki, index] = [await wikiOf(10), openIndex({ file, pageText })];
    expect(await found(index, wiki, 'gull')).toHaveLength(10);
    await index.close();
    copyFileSync(file, copy);
    await commitFiles(wiki, { 'p1.md': 'tern' });
    await commitFiles(wiki, { 'p2.md': 'tern' });
    expect(await found(index, wiki, 'gull')).toHaveLength(8);
    await index.close();
    paths.length = 0;
    copyFileSync(copy, file);
    expect(await found(index, wiki, 'gull')).toHaveLength(8);
    expect(paths.sort()).toEqual(['p1.md', 'p2.md']);
  });

  it('cannot be written says which file it is', async () => {
    const folder = dirname(temporaryFile('x'));
    writeFileSync(`${folder}/file`, '');
    const index = openIndex({ file: `${folder}/file/pages.sqlite` });
    const wiki = await wikiOf(1);
    await expect(found(index, wiki, 'gull')).rejects.toMatchObject({
      code: 'database_unavailable',
      message: expect.stringContaining(`${folder}/file/pages.sqlite`),
    });
  });
});

function spoil(file: string, from: number, length: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, from, from + length);
  writeFileSync(file, bytes);
}

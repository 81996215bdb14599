import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ExportedVersion } from '../../src/export/exported-version.ts';
import { SpilledDirectory } from '../../src/export/zip/zip-directory.ts';
import { centralRecord, dosTime, readCentralRecord } from '../../src/export/zip/zip-format.ts';
import { zipStream } from '../../src/export/zip/zip-stream.ts';
import { commitFiles, newRepository } from '../support/repository.ts';
import { bytesOf, zipOf } from './exported-wiki.ts';

const folder = mkdtempSync(join(tmpdir(), 'kittiwake-zip-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FILES = {
  'home.md': '# Home\n',
  'docs.md': 'docs',
  'docs/ümläut ☃.md': 'text '.repeat(2_000),
  'docs/intro/plan.bin': 'x'.repeat(3_000_000),
  'docs/empty.md': '',
};

describe('an export as a ZIP', () => {
  it('is taken by unzip, with the bytes as they are in the wiki', async () => {
    const repository = await newRepository();
    await commitFiles(repository, FILES);
    const path = join(folder, 'all.zip');
    writeFileSync(path, await zipOf(repository));
    expect(execFileSync('unzip', ['-t', path], { encoding: 'utf8' })).toContain('No errors detected');
    execFileSync('unzip', ['-q', path, '-d', join(folder, 'out')]);
    for (const [name, text] of Object.entries(FILES))
      expect(readFileSync(join(folder, 'out', name), 'utf8')).toBe(text);
  });

  it('is the same byte for byte of one commit, also when the wiki has gone on', async () => {
    const repository = await newRepository();
    const commit = await commitFiles(repository, FILES);
    const before = await zipOf(repository);
    await commitFiles(repository, { 'home.md': 'other', 'new.md': 'new', 'docs.md': null });
    expect((await zipOf(repository, commit)).equals(before)).toBe(true);
    expect((await zipOf(repository)).equals(before)).toBe(false);
  });

  it('holds of a prefix the page and all below it', async () => {
    const repository = await newRepository();
    await commitFiles(repository, { ...FILES, 'docs2.md': 'no', 'docs2/a.md': 'no' });
    const path = join(folder, 'part.zip');
    writeFileSync(path, await zipOf(repository, undefined, 'docs'));
    const names = execFileSync('unzip', ['-Z1', path], { encoding: 'utf8' }).trim().split('\n');
    expect(names).toHaveLength(4);
    expect(names.every(name => name.startsWith('docs'))).toBe(true);
  });

  it('goes on behind any entry with what it would have had', async () => {
    const repository = await newRepository();
    await commitFiles(repository, FILES);
    const whole = await zipOf(repository);
    const version = await ExportedVersion.open(repository);
    const records: Buffer[] = [];
    const directory = new SpilledDirectory();
    const add = directory.add.bind(directory);
    directory.add = record => {
      records.push(record);
      add(record);
    };
    await bytesOf(zipStream({ version, directory }));
    for (let count = 1; count <= records.length; count += 1) {
      const again = new SpilledDirectory();
      for (const record of records.slice(0, count)) again.add(record);
      const { path, end } = readCentralRecord(records[count - 1] as Buffer, 0) ?? { path: '', end: 0 };
      const rest = await bytesOf(zipStream({ version, directory: again, from: { path, offset: end } }));
      expect(Buffer.concat([whole.subarray(0, end), rest]).equals(whole)).toBe(true);
    }
  });

  it('tells of each entry where it ends, of any size', () => {
    const sizes = fc.integer({ min: 0, max: 2 ** 40 });
    const entries = fc.record({
      path: fc.string({ minLength: 1 }),
      size: sizes,
      packed: sizes,
      offset: sizes,
    });
    fc.assert(
      fc.property(entries, fc.boolean(), ({ path, ...numbers }, sizesBehind) => {
        fc.pre(path.isWellFormed());
        const method = 8 as const;
        const record = centralRecord({ path, ...numbers, sizesBehind, method, crc: 1, time: dosTime(0) });
        const read = readCentralRecord(record, 0);
        expect(read).toMatchObject({ path, length: record.length });
        const least = numbers.offset + numbers.packed + 30 + Buffer.byteLength(path);
        expect((read?.end ?? 0) - least).toBe(sizesBehind ? (numbers.size >= 0xf0000000 ? 44 : 16) : 0);
      }),
    );
  });

  it('has more entries than a plain directory may', async () => {
    const repository = await newRepository();
    const files = Object.fromEntries(
      Array.from({ length: 66_000 }, (_, at) => [`d${at % 300}/p${at}.md`, '']),
    );
    await commitFiles(repository, files);
    const path = join(folder, 'many.zip');
    writeFileSync(path, await zipOf(repository));
    expect(
      execFileSync('unzip', ['-Z1', path], { encoding: 'utf8', maxBuffer: 1 << 26 }).match(/\n/g),
    ).toHaveLength(66_000);
  });
});

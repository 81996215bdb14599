import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sniff } from '../../../src/import/source/sniff.ts';
import { memoryFile } from './memory-file.ts';
import { workbookOf, zipOf } from './workbook-file.ts';

describe('what a source is', () => {
  it.each([
    ['a,b\n1,2\n', 'csv'],
    ['a\tb\n', 'csv'],
    ['[draft],b\n1,2\n', 'csv'],
    ['{x},b\n1,2\n', 'csv'],
    ['\n {"a":1}\n', 'ndjson'],
    ['{}\n', 'ndjson'],
    ['\ufeff[\n {"a":1}]', 'json'],
    ['[]', 'json'],
  ])('is told of text: %j', async (text, format) => {
    // The name says nothing.
    expect(await sniff(memoryFile(text, 'x.zip'))).toMatchObject({ kind: 'text', format, isGzip: false });
    expect(await sniff(memoryFile(gzipSync(text)))).toMatchObject({ kind: 'text', format, isGzip: true });
  });

  it('is told of workbooks, archives and bundles', async () => {
    const workbook = await workbookOf({ sheets: { S: '' } });
    expect(await sniff(memoryFile(workbook, 'x.csv'))).toEqual({ kind: 'xlsx' });
    expect(await sniff(memoryFile(await zipOf({ 'a.md': 'x' })))).toEqual({ kind: 'zip' });
    expect(await sniff(memoryFile('# v2 git bundle\n'))).toEqual({ kind: 'bundle' });
  });

  it.each([
    ['d0cf11e0a1b11ae1', 'save it as XLSX without a password, or as CSV'],
    ['255044462d312e37', 'it is a PDF'],
    ['377abcaf271c0004', 'it is a 7z archive'],
    ['526172211a0700', 'it is a RAR archive'],
    ['fd377a585a0000', 'packed with xz'],
    ['89504e470d0a1a0a', 'PNG picture'],
    ['ffd8ffe0', 'JPEG picture'],
    ['53514c69746520666f726d6174203300', 'SQLite database'],
    ['3c3f786d6c20', 'it is XML or HTML'],
    ['efbbbf3c68746d6c3e', 'it is XML or HTML'],
    ['00010203', 'it holds zero bytes'],
    ['', 'it is empty'],
  ])('is refused by name and with a way out: %s', async (hex, message) => {
    const bytes = Buffer.from(hex, 'hex');
    const wanted = { code: 'source_unsupported', message: expect.stringContaining(message) };
    await expect(sniff(memoryFile(bytes, 'x.csv'))).rejects.toMatchObject(wanted);
    await expect(sniff(memoryFile(gzipSync(bytes)))).rejects.toMatchObject(wanted);
  });

  it('is refused of tar, of gzip in gzip and of other documents of an office', async () => {
    const tar = execFileSync('tar', ['-cf', '-', '-C', import.meta.dirname, 'sniff.test.ts']);
    await expect(sniff(memoryFile(tar))).rejects.toMatchObject({ code: 'source_unsupported' });
    await expect(sniff(memoryFile(gzipSync(gzipSync('a,b'))))).rejects.toMatchObject({
      code: 'source_unsupported',
    });
    for (const name of ['xl/workbook.bin', 'word/document.xml', 'META-INF/manifest.xml']) {
      const bytes = await zipOf({ [name]: '' });
      await expect(sniff(memoryFile(bytes))).rejects.toMatchObject({ code: 'source_unsupported' });
    }
    await expect(sniff(memoryFile(gzipSync(await zipOf({ a: '' }))))).rejects.toMatchObject({
      code: 'source_unsupported',
    });
  });

  it('is refused of an archive that is cut', async () => {
    const bytes = await zipOf({ 'a.md': 'x' });
    await expect(sniff(memoryFile(bytes.subarray(0, -10)))).rejects.toMatchObject({ code: 'source_corrupt' });
  });
});

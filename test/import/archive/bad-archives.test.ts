import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKittiwakeError } from '../../../src/core/errors.ts';
import type { ArchiveOptions } from '../../../src/import/archive/archive-options.ts';
import { sniff } from '../../../src/import/source/sniff.ts';
import { openBytes, rawZip, readAll, zipOf } from './zip-maker.ts';

async function read(bytes: Buffer, options: Partial<ArchiveOptions> = {}) {
  return await readAll(await openBytes(bytes, options));
}

async function refusal(bytes: Buffer, options: Partial<ArchiveOptions> = {}) {
  const error = await read(bytes, options).catch(thrown => thrown);
  if (!isKittiwakeError(error)) throw new Error('It was not refused', { cause: error });
  return error;
}

describe('an entry that is no good', () => {
  it.each([
    '../up.md',
    'a/../../up.md',
    '/etc/cron.d/x.md',
    'C:/x.md',
    'c:x.md',
    '..\\up.md',
    'a\\b.md',
    'a\0.md',
    'a//b.md',
    'a/./b.md',
    '\u0007.md',
    'a/'.repeat(20_000),
  ])('is refused for its name %j, and the rest is read', async name => {
    const { rows, failures } = await read(
      rawZip([
        { name, content: 'evil' },
        { name: 'ok.md', content: 'good' },
      ]),
    );
    expect(failures.map(failure => failure.code)).toEqual(['entry_unsafe']);
    expect(rows.map(row => row.text)).toEqual(['good']);
  });

  it('does not hide what the file is, whatever its name', async () => {
    const bytes = rawZip([{ name: '../up.md', content: 'evil' }]);
    const file = {
      name: 'x.zip',
      size: bytes.length,
      read: async (start: number, end: number) => bytes.subarray(start, end),
    };
    expect(await sniff(file)).toEqual({ kind: 'zip' });
  });

  it('is refused for a name that is longer than any, also when it is read as code page 437', async () => {
    const { rows, failures } = await read(
      rawZip([
        { name: Buffer.alloc(65_000, 0xb0), flags: 0, content: 'long' },
        { name: 'ok.md', content: 'good' },
      ]),
    );
    expect(failures.map(failure => failure.code)).toEqual(['entry_unsafe']);
    expect(rows.map(row => row.text)).toEqual(['good']);
  });

  it('is refused when it is a link, encrypted, or packed in an unknown way, with its number', async () => {
    const { rows, failures } = await read(
      rawZip([
        { name: 'a.md', content: '/etc/passwd', mode: 0o120777, method: 0 },
        { name: 'b.md', content: 'x', flags: 0x801 },
        { name: 'c.md', content: 'x', method: 12 },
        { name: 'd.md', content: 'x' },
      ]),
    );
    expect(failures).toEqual([
      { row: 1, code: 'entry_link' },
      { row: 2, code: 'entry_encrypted' },
      { row: 3, code: 'entry_unsupported' },
    ]);
    expect(rows.map(row => row.row)).toEqual([4]);
  });

  it('is refused when its bytes are not those of the directory', async () => {
    const { rows, failures } = await read(
      rawZip([
        { name: 'crc.md', content: 'x', crc: 1 },
        { name: 'less.md', content: 'xyz', size: 2 },
        { name: 'more.md', content: 'xyz', size: 4 },
        { name: 'bomb.md', content: 'xyz', size: 4_000_000 },
        { name: 'stored.md', content: 'xyz', size: 2, method: 0 },
        { name: 'good.md', content: 'x' },
      ]),
    );
    expect(failures.map(failure => failure.code)).toEqual(Array(5).fill('entry_corrupt'));
    expect(rows.map(row => row.path)).toEqual(['good.md']);
  });

  it('is refused when it is damaged, in one piece or in many', async () => {
    const large = 'A line of text that is long enough. '.repeat(20_000);
    const bytes = rawZip([{ name: 'a.md' }, { name: 'large.txt', content: large }]);
    bytes.fill(0xff, 300, 600);
    const source = await openBytes(bytes);
    await expect(readAll(source)).rejects.toMatchObject({ code: 'entry_corrupt' });
    const page = rawZip([{ name: 'large.md', content: large }, { name: 'ok.md' }]);
    page.fill(0xff, 300, 600);
    expect(await read(page)).toMatchObject({
      failures: [{ code: 'entry_corrupt' }],
      rows: [{ path: 'ok.md' }],
    });
  });

  it('is refused when another has its name: the first stays', async () => {
    const { rows, failures } = await read(
      rawZip([
        { name: 'a.md', content: '1' },
        { name: 'a.md', content: '2' },
      ]),
    );
    expect(rows.map(row => row.text)).toEqual(['1']);
    expect(failures).toEqual([{ row: 2, code: 'entry_duplicate' }]);
  });

  it('is refused when it is larger than a page or file may be', async () => {
    const bytes = await zipOf({ 'a.md': 'abc', 'b.png': 'abcd' });
    const { rows, failures } = await read(bytes, { maxPageBytes: 2, maxAttachmentBytes: 3 });
    expect(rows).toEqual([]);
    expect(failures).toEqual([
      { row: 1, code: 'entry_too_large' },
      { row: 2, code: 'entry_too_large' },
    ]);
  });
});

describe('an archive that is no good', () => {
  it('is refused when it was cut off anywhere', async () => {
    const bytes = await zipOf({ 'a.md': 'text', 'b.md': 'text' });
    for (let length = 1; length < bytes.length; length += 1)
      expect((await refusal(bytes.subarray(0, length))).code).toBe('source_corrupt');
    expect((await refusal(bytes.subarray(0, 50))).message).toContain('of 50)');
  });

  it('is refused when entries share bytes, as in a bomb', async () => {
    const bytes = rawZip([
      { name: 'a.md', content: 'x' },
      { name: 'b.md', content: 'x', offset: 0 },
    ]);
    expect((await refusal(bytes)).code).toBe('source_unsafe');
  });

  it('is refused when it unpacks to too much, before anything is unpacked', async () => {
    const bomb = await zipOf({ 'a.md': '\0'.repeat(1_000_000) });
    expect((await refusal(bomb, { bounds: { ratioFromBytes: 500_000 } })).code).toBe('source_unsafe');
    expect((await refusal(bomb, { bounds: { maxUnpackedBytes: 999_999 } })).code).toBe('source_unsafe');
    expect((await read(bomb)).rows).toHaveLength(1);
  });

  it('is refused when it packs too much inside of archives', async () => {
    const bomb = await zipOf({ 'a.zip': await zipOf({ 'a.md': '\0'.repeat(1_000_000) }) });
    expect((await refusal(bomb, { bounds: { ratioFromBytes: 500_000 } })).code).toBe('source_unsafe');
  });

  it('is refused when it holds too many files', async () => {
    const bytes = await zipOf({ 'a.md': '', 'b.md': '', 'c.md': '' });
    const error = await refusal(bytes, { bounds: { maxEntries: 2 } });
    expect(error).toMatchObject({ code: 'source_too_large', data: { entries: 3, maxEntries: 2 } });
  });

  it('is refused when it merely claims to hold many', async () => {
    const bytes = await zipOf({ 'a.md': '' });
    bytes.writeUInt16LE(60_000, bytes.length - 12);
    expect((await refusal(bytes)).code).toBe('source_corrupt');
  });

  it('never does anything but yield rows or say why not, whatever its bytes', async () => {
    const good = await zipOf({ 'a.md': 'some text of a page', 'b/c.png': 'x'.repeat(100), 'b/d.md': '' });
    const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async changes => {
        const bytes = Buffer.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        const outcome = await read(bytes).catch(error => error);
        if (outcome instanceof Error && !isKittiwakeError(outcome)) throw outcome;
      }),
      { numRuns: 300 },
    );
  });
});

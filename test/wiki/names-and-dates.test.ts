import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../../src/wiki/base64.ts';
import { etagOf, matchesBlob, matchesEtag } from '../../src/wiki/etag.ts';
import { parseIsoDate } from '../../src/wiki/history/iso-date.ts';
import { mimeType, secureFilename } from '../../src/wiki/name/attachment-name.ts';
import { titleCase } from '../../src/wiki/name/title-case.ts';

describe('the name of an upload', () => {
  it.each([
    ['My File (1).png', 'My_File_1.png'],
    ['über.pdf', 'uber.pdf'],
    ['日本.png', 'png'],
    ['../../x', 'x'],
    ['a/b\\c.txt', 'a_bc.txt'],
    ['.hidden', 'hidden'],
    ['...', ''],
    ['', ''],
    ['ﬁle½.txt', 'file12.txt'],
    ['a\u00a0b\u2003c', 'a_b_c'],
    ['a\x1cb\x00c', 'a_bc'],
    ['-a_.', '-a'],
    ['We ird e.TXT', 'We_ird_e.TXT'],
  ])('%j becomes %j', (name, safe) => {
    expect(secureFilename(name)).toBe(safe);
  });

  it('is safe in a path, whatever it was, and stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), name => {
        const safe = secureFilename(name);
        expect(safe).toMatch(/^[A-Za-z0-9_.-]*$/);
        expect(['.', '..']).not.toContain(safe);
        expect(secureFilename(safe)).toBe(safe);
      }),
    );
  });

  it.each([
    ['a.txt', 'text/plain'],
    ['a.PNG', 'image/png'],
    ['a.svg', 'image/svg+xml'],
    ['data.bin', 'application/octet-stream'],
    ['noext', 'application/octet-stream'],
    ['png', 'application/octet-stream'],
    ['a.unknown', 'application/octet-stream'],
  ])('%j tells the type %s', (name, type) => {
    expect(mimeType(name)).toBe(type);
  });
});

describe('base64', () => {
  it.each([
    ['aGk=', 'hi'],
    ['aG!k=', 'hi'],
    ['a G\nk =', 'hi'],
    ['aGk=ignored', 'hi'],
    ['aGk==', 'hi'],
    ['=aGk=', 'hi'],
    ['', ''],
    ['!!!', ''],
    ['=', ''],
    ['aGVs', 'hel'],
    ['a=GVs', 'hel'],
  ])('%j is %j', (text, bytes) => {
    expect(decodeBase64(text).toString('latin1')).toBe(bytes);
  });

  it.each(['aGk', 'a', 'aGVsa', 'a=', 'aG=', 'aGk aG'])('%j is refused', text => {
    expect(() => decodeBase64(text)).toThrow(expect.objectContaining({ code: 'base64_invalid' }));
  });

  it('reads back every sequence of bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(Buffer.from(bytes));
      }),
    );
  });
});

describe('a date', () => {
  it.each([
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['20261121', '2026-11-21T00:00:00.000Z'],
    ['2026-W47-6', '2026-11-21T00:00:00.000Z'],
    ['2026W476', '2026-11-21T00:00:00.000Z'],
    ['2026-W47', '2026-11-16T00:00:00.000Z'],
    ['2020-W53-7', '2021-01-03T00:00:00.000Z'],
    ['2026-11-21T09:30:42+00:00', '2026-11-21T09:30:42.000Z'],
    ['2026-11-21 09:30', '2026-11-21T09:30:00.000Z'],
    ['2026-11-21é09', '2026-11-21T09:00:00.000Z'],
    ['20261121T093042.5Z', '2026-11-21T09:30:42.500Z'],
    ['2026-11-21T09:30:42,123456789-05:30', '2026-11-21T15:00:42.123Z'],
    ['2026-11-21T09+0530', '2026-11-21T03:30:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
  ])('%j is %s', (text, iso) => {
    expect(new Date(parseIsoDate(text) ?? Number.NaN).toISOString()).toBe(iso);
  });

  it.each([
    '',
    '2026',
    '2026-11',
    '2026-1-1',
    '2026-02-30',
    '2026-13-01',
    '2026-11-21T',
    '2026-11-21T9',
    '2026-11-21T24:00',
    '2026-11-21T10:60',
    '2026-11-21T10:00:00 05:00',
    '2026-11-21T10:00+24:00',
    '2026-11-21T10:00z',
    '2026-W54-1',
    '2026-W00-1',
    '2026-W47-8',
    '0000-01-01',
    'yesterday',
    '2026-11-21T10:0000',
  ])('%j is none', text => {
    expect(parseIsoDate(text)).toBeUndefined();
  });
});

describe('an ETag', () => {
  const blob = 'a'.repeat(40);

  it('tells answers apart, and files', () => {
    const [one, other] = [etagOf(blob, { n: 1 }), etagOf(blob, { n: 2 })];
    expect(one).not.toBe(other);
    expect(matchesEtag(`${other}, ${one}`, one)).toBe(true);
    expect(matchesEtag(`W/${one}`, one)).toBe(true);
    expect(matchesEtag('*', one)).toBe(true);
    expect(matchesEtag(other, one)).toBe(false);
    expect(matchesBlob(other, blob)).toBe(true);
  });

  it('may be a blob alone where a write asks for a file', () => {
    expect(matchesBlob(`"${blob}"`, blob)).toBe(true);
    expect(matchesBlob(blob, blob)).toBe(true);
    expect(matchesBlob('*', blob)).toBe(true);
    expect(matchesBlob('*', undefined)).toBe(false);
    expect(matchesBlob(`W/"${blob}"`, blob)).toBe(false);
    expect(matchesBlob(`"${blob}b"`, blob)).toBe(false);
    expect(matchesBlob('', blob)).toBe(false);
  });
});

describe('title case', () => {
  it.each([
    ['ŉa', 'ʼNa'],
    ['ǰa', 'J̌a'],
    ['և', 'Եւ'],
    ['ﬄa', 'Ffla'],
    ['\u1fb7a', '\u0391\u0342\u0345a'],
    ['ა', 'ა'],
    ['ⅷ', 'Ⅷ'],
    ['ⓩz', 'Ⓩz'],
    ['1a2b', '1A2B'],
    ['aʼb', 'AʼB'],
  ])('of %j is %j', (text, titled) => {
    expect(titleCase(text)).toBe(titled);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePath } from '../../src/http/path.ts';
import { parseQuery } from '../../src/http/query.ts';

describe('decodePath', () => {
  test('decodes once', () => {
    expect(decodePath('a%20b/%C3%9Cbung')).toBe('a b/Übung');
    expect(decodePath('100%25')).toBe('100%');
    expect(decodePath('100%2525')).toBe('100%25');
  });

  test('gives back what was encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), name => {
        fc.pre(!name.includes('%') && name.isWellFormed());
        expect(decodePath(encodeURIComponent(name))).toBe(name);
      }),
    );
  });

  test.each(['%', '%2', '%zz', 'a%', '%C3', '%C3%28', '%FF', '%ED%A0%80', '%C0%AE', '\ud800'])(
    'refuses %j, which is no valid encoding of UTF-8',
    raw => {
      expect(() => decodePath(raw)).toThrow(expect.objectContaining({ code: 'path_invalid' }));
    },
  );

  test.each([
    '%252e%252e',
    '%25252e.',
    'a/%252e%252e/b',
    '%252Egit',
    'a%2500b',
    '%255c..%255c%252e%252e',
    '.%252e',
  ])('refuses %j, which is dangerous when it is decoded again', raw => {
    expect(() => decodePath(raw)).toThrow(expect.objectContaining({ code: 'path_invalid' }));
  });
});

describe('parseQuery', () => {
  test('reads names and values, the first of each name', () => {
    const query = parseQuery('a=1&b=x+y%2B&a=2&c&=d&&e=%C3%A4=');
    expect([...query]).toEqual([
      ['a', '1'],
      ['b', 'x y+'],
      ['c', ''],
      ['', 'd'],
      ['e', 'ä='],
    ]);
  });

  test.each(['q=%', 'q=%FF', '%C3=1'])('refuses %j', raw => {
    expect(() => parseQuery(raw)).toThrow(expect.objectContaining({ code: 'query_invalid' }));
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOfPath } from '../../../src/projection/site/site-address.ts';
import { encodeUrl, siteKey, siteUrl } from '../../../src/projection/site/site-key.ts';
import { isKey } from '../../../src/storage/object-key.ts';

const part = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .map(text => text.replaceAll('/', '_'));
const segment = fc.oneof(
  part,
  fc.constantFrom('.', '..', '-', 'a.html', 'robots.txt', 'x=2E', '=-', 'é'.repeat(80)),
);
const url = fc.array(segment, { maxLength: 5 }).map(parts => parts.join('/'));

describe('the key of a URL of the site', () => {
  it('is one that every store can hold, and leads back to the URL', () => {
    fc.assert(
      fc.property(url, path => {
        const key = siteKey(path);
        if (key === undefined) return;
        expect(isKey(`site/${'0'.repeat(32)}/${key}`)).toBe(true);
        expect(siteUrl(key)).toBe(path);
      }),
    );
  });

  it('is that of the path that a browser sends', () => {
    fc.assert(
      fc.property(url, path => {
        if (path.split('/').some(each => each === '.' || each === '..')) return;
        const key = siteKey(path);
        if (key === undefined) expect(addressOfPath(`/${encodeUrl(path)}`)).toEqual({ kind: 'absent' });
        else expect(addressOfPath(`/${encodeUrl(path)}`)).toEqual({ kind: 'object', key });
      }),
    );
  });

  it('differs for different URLs, and no object lies where another one has its folder', () => {
    fc.assert(
      fc.property(url, url, (one, other) => {
        const keys = [siteKey(one), siteKey(other)];
        if (keys.includes(undefined)) return;
        expect(keys[0] === keys[1]).toBe(one === other);
        expect(keys[1]?.startsWith(`${keys[0]}/`)).toBe(false);
      }),
    );
  });

  it('tells pages from what the site has besides', () => {
    expect(siteKey('')).toBe('p/.html');
    expect(siteKey('docs/intro')).toBe('p/docs/intro.html');
    expect(siteKey('/docs//intro/')).toBe('p/docs/intro.html');
    expect(siteKey('-/files/a b.png')).toBe('-/files/a=20b=2Epng.file');
    expect(siteKey('robots.txt')).toBe('-/robots=2Etxt.root');
    expect(siteUrl('-/robots=2Etxt.root')).toBe('robots.txt');
    expect(siteUrl('p/a.b.html')).toBeUndefined();
  });

  it('is missing for paths that are too long or no Unicode', () => {
    expect(siteKey('é'.repeat(200))).toBeUndefined();
    expect(siteKey('a\udc80')).toBeUndefined();
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOf } from '../../src/client/address.ts';
import { createClient } from '../../src/client/client.ts';
import { isClientError } from '../../src/client/errors.ts';
import { decodePercent } from '../../src/http/path.ts';
import { createRouter } from '../../src/http/router.ts';
import { ROUTES } from '../../src/http/routes/table.ts';

const router = createRouter(ROUTES);

const odd = [
  ...[
    '',
    '.',
    '..',
    ' ',
    'a b',
    'what?',
    '#1',
    '100%',
    '%2F',
    '%2e%2e',
    'a\\b',
    'über',
    '日本',
    '🐦',
    'a+b',
    ';',
    ':',
  ],
  ...['attachments', 'history', 'rename', 'restore', 'History', '~', "it's", '\ud800', '\u0000'],
];
const segment = fc.oneof(fc.constantFrom(...odd), fc.string(), fc.string({ unit: 'binary' }));
const pagePath = fc.array(segment, { minLength: 1, maxLength: 5 }).map(segments => segments.join('/'));

/** Routes of the document with a path of several segments. */
const paged = ROUTES.filter(({ pattern }) => pattern.includes('{path...}'));

/** Whether an address can hold it at all. */
function isAddressable(path: string): boolean {
  const segments = path.split('/').filter(each => each !== '');
  return segments.length > 0 && path.isWellFormed() && !segments.some(each => each === '.' || each === '..');
}

describe('the address of a page', () => {
  test('leads the server to that operation and that page, whatever the page is called', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paged), pagePath, segment, ({ method, pattern, name }, path, file) => {
        fc.pre(isAddressable(path) && isAddressable(file) && !file.includes('/'));
        const endpoint = `${method} ${pattern.replace('...}', '}')}`;
        const url = new URL(addressOf('http://localhost', endpoint, { path, file }));
        const match = router.match(method, url.pathname);
        expect(match.kind === 'found' ? match.route.name : match.kind).toBe(name);
        if (match.kind !== 'found') return;
        const wanted = path.split('/').filter(each => each !== '');
        expect(decodePercent(match.params.path ?? '')).toBe(wanted.join('/'));
        if (pattern.includes('{file}')) expect(decodePercent(match.params.file ?? '')).toBe(file);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is refused when it would be that of something else', () => {
    fc.assert(
      fc.property(pagePath, path => {
        fc.pre(!isAddressable(path));
        try {
          addressOf('http://localhost', 'GET /api/v1/pages/{path}', { path });
          expect.unreachable();
        } catch (error) {
          expect(isClientError(error, 'path_invalid')).toBe(true);
        }
      }),
    );
  });

  test('has as many segments as the operation takes', () => {
    const several = ROUTES.flatMap(({ pattern }) => [...pattern.matchAll(/\{(\w+)\.\.\.\}/g)]);
    expect(new Set(several.map(([, name]) => name))).toEqual(new Set(['path']));
    expect(() => addressOf('', 'GET /api/v1/imports/{id}', { id: '..' })).toThrow('segment may not be');
    expect(addressOf('', 'GET /api/v1/imports/{id}', { id: 'a/b' })).toBe('/api/v1/imports/a%2Fb');
  });

  test('leaves out what is not asked for', () => {
    const query = { q: 'a b&c', limit: 0, cursor: undefined };
    expect(addressOf('http://h/wiki', 'GET /api/v1/search', {}, query)).toBe(
      'http://h/wiki/api/v1/search?q=a+b%26c&limit=0',
    );
  });
});

test('the URL of a client is that of a wiki', () => {
  for (const url of ['nowhere', 'ftp://h/', 'http://h/api/v1', 'http://h/birds/api/v1/'])
    expect(() => createClient({ url, token: 't' }), url).toThrow('Making a client needs');
  expect(() => createClient({ url: 'http://h/birds/', token: 't' })).not.toThrow();
});

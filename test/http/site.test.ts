import { beforeEach, describe, expect, test } from 'vitest';
import { createLogger } from '../../src/core/log.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import type { App, HttpRequest, HttpResponse } from '../../src/http/message.ts';
import { createSiteApp, isForSite } from '../../src/http/site/site-app.ts';
import { publishedObjects } from '../../src/projection/site/published-objects.ts';
import { siteKey } from '../../src/projection/site/site-key.ts';
import { renderNotFound, renderRedirect } from '../../src/projection/site/theme/notices.ts';
import { rootFrom } from '../../src/projection/site/theme/relative-url.ts';
import type { SiteInfo } from '../../src/projection/site/theme/site-page.ts';
import type { ByteStore } from '../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';

const WIKI = '00000000-0000-4000-8000-000000000000';
const SITE: SiteInfo = { name: 'Birds', description: '', lang: 'en', baseUrl: '', isIndexed: true };

let store: ByteStore;
let app: App;

beforeEach(() => {
  store = createMemoryByteStore();
  app = createSiteApp({
    api: { handle: async () => ({ status: 418, headers: {}, body: 'the API' }) },
    locate: async ({ path, query }) =>
      isForSite(path, query)
        ? {
            root: '/wiki/',
            path,
            objects: publishedObjects(store, WIKI),
            notFound: root => renderNotFound(SITE, root),
          }
        : undefined,
    runtime: systemRuntime,
    log: createLogger({ level: 'silent', write: () => {}, now: () => 0 }),
  });
});

async function publish(url: string, body: string | Uint8Array): Promise<void> {
  await store.put(`site/${WIKI}/${siteKey(url)}`, [Buffer.from(body)], { ifAbsent: true });
}

function ask(path: string, options: Partial<HttpRequest> = {}): Promise<HttpResponse> {
  return app.handle({ method: 'GET', path, query: '', headers: {}, body: Buffer.alloc(0), ...options });
}

async function bytesOf({ body }: HttpResponse): Promise<Buffer> {
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body);
  return Buffer.concat(await Array.fromAsync(body));
}

describe('what is published', () => {
  test('is answered under its path, with headers that let nothing of others run', async () => {
    await publish('docs/Über uns', '<!doctype html>\n<p>We</p>');
    const answer = await ask('/docs/%C3%9Cber%20uns');
    expect(answer.status).toBe(200);
    expect((await bytesOf(answer)).toString()).toContain('We');
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'public, max-age=60',
      'x-content-type-options': 'nosniff',
    });
    expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none';/);
    expect(answer.headers['content-security-policy']).not.toContain('unsafe');
  });

  test('is not sent again to who has it', async () => {
    await publish('', '<!doctype html>');
    const { headers } = await ask('/');
    const again = await ask('/', { headers: { 'if-none-match': headers.etag ?? '' } });
    expect([again.status, again.body, again.headers.etag]).toEqual([304, '', headers.etag]);
    expect((await ask('/', { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  test('is told about without its body', async () => {
    await publish('a', 'five!');
    const answer = await ask('/a', { method: 'HEAD' });
    expect([answer.status, answer.body, answer.headers['content-length']]).toEqual([200, '', '5']);
  });

  test('is saved, not shown, where a browser could run it', async () => {
    await publish('-/files/evil.html', '<script>alert(1)</script>');
    await publish('-/files/evil.svg', '<svg onload="alert(1)"/>');
    for (const name of ['evil.html', 'evil.svg']) {
      const { headers } = await ask(`/-/files/${name}`);
      expect(headers['content-type']).toBe('application/octet-stream');
      expect(headers['content-disposition']).toMatch(/^attachment/);
    }
  });
});

describe('parts of an object', () => {
  const bytes = Buffer.alloc(9 * 1024 * 1024, 'abcdefghij');

  beforeEach(() => publish('-/files/film.mp4', bytes));

  test('are answered for a range', async () => {
    const answer = await ask('/-/files/film.mp4', { headers: { range: 'bytes=10-14' } });
    expect(answer.status).toBe(206);
    expect(answer.headers['content-range']).toBe(`bytes 10-14/${bytes.length}`);
    expect((await bytesOf(answer)).toString()).toBe('abcde');
  });

  test('are answered to the end, however much that is', async () => {
    const answer = await ask('/-/files/film.mp4', { headers: { range: 'bytes=5-' } });
    expect(answer.headers['content-length']).toBe(String(bytes.length - 5));
    expect((await bytesOf(answer)).equals(bytes.subarray(5))).toBe(true);
  });

  test('are refused behind the end', async () => {
    const { status, headers } = await ask('/-/files/film.mp4', {
      headers: { range: `bytes=${bytes.length}-` },
    });
    expect([status, headers['content-range']]).toEqual([416, `bytes */${bytes.length}`]);
  });

  test('are joined when all is wanted, and broken off when it is replaced meanwhile', async () => {
    expect((await bytesOf(await ask('/-/files/film.mp4'))).equals(bytes)).toBe(true);
    const answer = await ask('/-/files/film.mp4');
    await store.delete([`site/${WIKI}/${siteKey('-/files/film.mp4')}`]);
    await expect(bytesOf(answer)).rejects.toThrow('replaced');
  });
});

describe('what is not there', () => {
  test('is the page that says so, with links to where the site is on this server', async () => {
    const answer = await ask('/no/such/page');
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(String(answer.body)).toContain('href="/wiki/-/index"');
  });

  test.each(['/%', '/%ff', `/${'x'.repeat(2000)}`, '/../../ledger', '/%2e%2e%2fledger', '/-', '/a%00b'])(
    'is not found: %s',
    async path => {
      await publish('ledger', 'hidden');
      expect((await ask(path)).status).toBe(404);
    },
  );

  test('is not found where a page that is gone was overwritten', async () => {
    await publish('a/gone', renderNotFound(SITE, rootFrom('a/gone')));
    expect((await ask('/a/gone')).status).toBe(404);
  });
});

describe('another address', () => {
  test('of a renamed page leads to its new one', async () => {
    await publish(
      'a/old',
      renderRedirect({ site: SITE, url: 'a/old', target: { url: 'b/new%3F', title: 'New' } }),
    );
    const { status, headers } = await ask('/a/old');
    expect([status, headers.location]).toEqual([301, '../b/new%3F']);
  });

  test.each([
    ['/docs/', '/wiki/docs'],
    ['/docs//intro', '/wiki/docs/intro'],
    ['/docs%2Fintro', '/wiki/docs/intro'],
    ['//evil.example/', '/wiki/evil.example'],
    ['//', '/wiki/'],
  ])('of the same page leads to the one that its links count on: %s', async (path, location) => {
    const { status, headers } = await ask(path);
    expect([status, headers.location]).toEqual([301, location]);
  });
});

test('the API answers what is its own, and all that is no reading', async () => {
  const own = ['/api/v1/health', '/api', '/-/api/v1/pull/3f', '/mcp'];
  for (const path of [...own, '/.git/info/refs', '/main.git/info/refs', '/main.git/pushes/3f']) {
    expect((await ask(path)).status, path).toBe(418);
  }
  expect((await ask('/info/refs', { query: 'service=git-upload-pack' })).status).toBe(418);
  for (const path of ['/info/refs', '/main.git', '/main.git/readme'])
    expect((await ask(path)).status, path).toBe(404);
  expect((await ask('/docs', { method: 'PUT' })).status).toBe(418);
  expect((await ask('/apiary')).status).toBe(404);
});

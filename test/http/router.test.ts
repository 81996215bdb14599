import { describe, expect, test } from 'vitest';
import { createRouter } from '../../src/http/router.ts';
import { CONTENT_ROUTES } from '../../src/http/routes/content-routes.ts';
import { ROUTES } from '../../src/http/routes/table.ts';

const router = createRouter(ROUTES);
const methods = ['GET', 'PUT', 'PATCH', 'POST', 'DELETE'];

function named(method: string, path: string): string {
  const match = router.match(method, path);
  if (match.kind === 'method') return `405 ${match.allowed.join(' ')}`;
  if (match.kind === 'absent') return '404';
  const params = Object.entries(match.params).map(([name, value]) => `${name}=${value}`);
  return [match.route.name, ...params].join(' ');
}

describe('the route table', () => {
  test.each([
    ['GET', '/api/v1/health', 'health'],
    ['HEAD', '/api/v1/health', 'health'],
    ['GET', '/api/v1/pages', 'listPages'],
    ['GET', '/api/v1/pages/a', 'readPage path=a'],
    ['GET', '/api/v1/pages/a/b%2Fc', 'readPage path=a/b%2Fc'],
    ['GET', '/api/v1/pages/a/', 'readPage path=a'],
    ['GET', '/api/v1/pages/a//b/', 'readPage path=a//b'],
    ['GET', '/api/v1/pages/..', 'readPage path=..'],
    ['GET', '/api/v1/pages/a/history', 'pageHistory path=a'],
    ['GET', '/api/v1/pages/a/b/history/', 'pageHistory path=a/b'],
    ['PUT', '/api/v1/pages/a/history', 'putPage path=a/history'],
    ['PATCH', '/api/v1/pages/a/rename', 'patchPage path=a/rename'],
    ['DELETE', '/api/v1/pages/a/attachments', 'deletePage path=a/attachments'],
    ['GET', '/api/v1/pages/a/rename', 'readPage path=a/rename'],
    ['POST', '/api/v1/pages/a/rename', 'renamePage path=a'],
    ['POST', '/api/v1/pages/a/restore', 'restorePage path=a'],
    ['GET', '/api/v1/pages/a/attachments', 'listAttachments path=a'],
    ['POST', '/api/v1/pages/a/b/attachments', 'putAttachment path=a/b'],
    ['GET', '/api/v1/pages/a/b/attachments/f.txt', 'readAttachment file=f.txt path=a/b'],
    ['DELETE', '/api/v1/pages/a/attachments/f%2Fg', 'deleteAttachment file=f%2Fg path=a'],
    ['PUT', '/api/v1/pages/a/attachments/f', 'putPage path=a/attachments/f'],
    ['GET', '/api/v1/pages/history', 'readPage path=history'],
    ['GET', '/api/v1/links/a/b', 'pageLinks path=a/b'],
    ['GET', '/api/v1/links', 'linkGraph'],
    ['POST', '/api/v1/batch', 'batch'],
    ['POST', '/api/v1/revert', 'revert'],
  ])('%s %s is %s', (method, path, wanted) => {
    expect(named(method, path)).toBe(wanted);
  });

  test.each([
    '/',
    '/api/v1',
    '/api/v1/pages/',
    '/api/v1/pages//',
    '/api/v1/pages//x',
    '/api/v1/nothing',
    '/api/v1/health/',
    '/api/v1/pagesx',
    '/api/v1/links/',
    '*',
    '',
  ])('there is nothing at "%s"', path => {
    expect(named('GET', path)).toBe('404');
  });

  test.each([
    ['POST', '/api/v1/health', '405 GET HEAD'],
    ['DELETE', '/api/v1/pages', '405 GET HEAD'],
    ['POST', '/api/v1/pages/a', '405 DELETE GET HEAD PATCH PUT'],
    ['POST', '/api/v1/pages/a/history', '405 DELETE GET HEAD PATCH PUT'],
    ['OPTIONS', '/api/v1/pages/a/attachments', '405 DELETE GET HEAD PATCH POST PUT'],
    ['GET', '/api/v1/batch', '405 POST'],
  ])('%s %s is refused with the methods that are there', (method, path, wanted) => {
    expect(named(method, path)).toBe(wanted);
  });

  test('the routes of content have whole paths: what they match, all routes match alike', () => {
    const content = createRouter(CONTENT_ROUTES);
    const contentNames = new Set<string>(CONTENT_ROUTES.map(({ name }) => name));
    for (const { name, pattern } of ROUTES) {
      const path = pattern.replaceAll(/\{[^}]*\}/g, 'x');
      for (const method of methods) {
        const match = content.match(method, path);
        if (contentNames.has(name)) expect(match).toEqual(router.match(method, path));
        else expect(match).toEqual({ kind: 'absent' });
      }
    }
  });
});

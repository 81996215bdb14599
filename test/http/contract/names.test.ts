import { describe, expect, test } from 'vitest';
import { openWiki } from '../harness.ts';

/** Contract section 2. */

const encoded = (path: string) => path.split('/').map(encodeURIComponent).join('/');

async function fileOf(request: string, env: Record<string, string> = {}) {
  const { call, service } = await openWiki(env);
  const { status, body } = await call('PUT', `/pages/${encoded(request)}`, { content: 'x' });
  expect([status, body.error]).toEqual([201, undefined]);
  const view = await (await service.repository()).view();
  const [file] = await view.files('');
  return { file: file?.path, path: body.path, name: body.name };
}

describe('page path to file name (2.1)', () => {
  test.each([
    ['Home', 'home.md', 'Home.md'],
    ['hOme', 'home.md', 'hOme.md'],
    ['Home.md', 'home.md', 'Home.md'],
    ['HOME.MD', 'home.md', 'HOME.MD.md'],
    ['a//b/', 'a/b.md', 'a/b.md'],
    ['Übung/Straße', 'übung/straße.md', 'Übung/Straße.md'],
    ['a b', 'a b.md', 'a b.md'],
    ['Sub.Page', 'sub.page.md', 'Sub.Page.md'],
    ['what? | $ ! #', 'what? | $ ! #.md', 'what? | $ ! #.md'],
    ['-x', '-x.md', '-x.md'],
  ])('%s', async (request, lower, kept) => {
    expect((await fileOf(request)).file).toBe(lower);
    expect((await fileOf(request, { RETAIN_PAGE_NAME_CASE: 'true' })).file).toBe(kept);
  });

  test('a legacy file in mixed case is read by its own name, and PUT makes another', async () => {
    const { call, service } = await openWiki();
    const repository = await service.repository();
    await repository.commit({
      plan: async () => ({
        kind: 'commit',
        draft: {
          changes: [{ path: 'Foo.md', to: { bytes: Buffer.from('legacy') } }],
          message: 'Legacy',
          author: { name: 'A', email: 'a@b' },
        },
        result: () => null,
      }),
    });
    expect((await call('GET', '/pages/foo')).status).toBe(404);
    expect((await call('GET', '/pages/Foo')).body).toMatchObject({ content: 'legacy' });
    expect((await call('PUT', '/pages/Foo', { content: 'new' })).status).toBe(201);
    expect((await call('GET', '/pages/Foo')).body).toMatchObject({ content: 'new' });
  });

  test('sub-resources shadow pages for GET and POST only', async () => {
    const { call } = await openWiki();
    expect((await call('PUT', '/pages/noop', { content: 'x' })).status).toBe(201);
    expect((await call('PUT', '/pages/noop/history', { content: 'y' })).status).toBe(201);
    expect((await call('GET', '/pages/noop/history')).body.history).toHaveLength(1);
    expect((await call('GET', '/pages/noop%2Fhistory')).body.content).toBe('y');
    expect((await call('DELETE', '/pages/noop/history')).body).toEqual({
      deleted: true,
      path: 'Noop/History',
    });
  });

  test('slashes: none before the path, any behind it', async () => {
    const { call, write } = await openWiki();
    await write('a', 'x');
    expect((await call('GET', '/pages/')).status).toBe(404);
    expect((await call('GET', '/pages//a')).status).toBe(404);
    expect((await call('GET', '/pages/a/')).status).toBe(200);
  });
});

describe('file name to display path (2.2)', () => {
  test.each([
    ['test-page', 'Test-Page'],
    ['c3po', 'C3Po'],
    ['2nd item', '2Nd Item'],
    ['foo_bar-baz', 'Foo_Bar-Baz'],
    ["o'neil's page", "O'neil's Page"],
    ['straße', 'Straße'],
    ['ﬁle', 'File'],
    ['iran (islamic republic)', 'Iran (Islamic Republic)'],
    ['docs/deep/page', 'Docs/Deep/Page'],
  ])('%s is shown as %s', async (request, display) => {
    const { path, name } = await fileOf(request);
    expect(path).toBe(display);
    expect(name).toBe(display.split('/').at(-1));
  });

  test('with case kept, names are shown as they are', async () => {
    expect((await fileOf('docs/My page', { RETAIN_PAGE_NAME_CASE: 'true' })).path).toBe('docs/My page');
  });

  test('the display path leads back to the page', async () => {
    const { call, write } = await openWiki();
    await write(encoded("o'neil's c3po"), 'x');
    const { body } = await call('GET', '/pages');
    expect((await call('GET', `/pages/${encoded(body.pages[0].path)}`)).body.content).toBe('x');
  });
});

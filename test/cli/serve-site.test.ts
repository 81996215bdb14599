import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { serveWiki } from '../support/served-wiki.ts';

/** A server of a new wiki, or of wikis, that goes with the test. */
async function serve(env: Record<string, string>) {
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  const { url, client } = await serveWiki(folder.path('data'), {
    env: { KITTIWAKE_READ_ACCESS: 'ANONYMOUS', ...env },
  });
  const get = (path: string) => fetch(`${url}${path}`, { redirect: 'manual' });
  const until = async (path: string, shows: string) => {
    for (let tries = 0; tries < 300; tries++) {
      const text = await (await get(path)).text();
      if (text.includes(shows)) return text;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    throw new Error(`${path} never showed ${shows}`);
  };
  return { get, client, until, url };
}

test('each of many wikis has its site below its own path', async () => {
  const { get, client, until, url } = await serve({
    KITTIWAKE_TENANTS: 'path:/w',
    KITTIWAKE_SITE_URL: 'https://birds.example.org',
    KITTIWAKE_URL: 'https://birds.example.org',
  });
  for (const name of ['gulls', 'terns']) {
    await client().request('POST /api/v1/tenants', { body: { name } });
    await client({ url: `${url}/w/${name}` }).put('home', `# All ${name}\n\n[[Absent]]\n`);
  }
  await until('/w/gulls/', 'All gulls');
  expect(await until('/w/terns/', 'All terns')).not.toContain('gulls');
  const page = await until('/w/gulls/', 'All gulls');
  expect(page).toContain('<link rel="canonical" href="https://birds.example.org/w/gulls/">');
  expect(page).toContain('href="https://birds.example.org/w/gulls/api/v1/pages/home/history"');
  const feed = await (await get('/w/gulls/-/changelog/feed.atom')).text();
  expect(feed).not.toMatch(/birds\.example\.org\/(?!w\/gulls\/)/);
  const html = await (await get('/w/gulls/api/v1/pages/home?format=html')).text();
  expect(html).toContain('href="https://birds.example.org/w/gulls/absent"');
  const bare = await get('/w/gulls');
  expect([bare.status, bare.headers.get('location')]).toEqual([301, '/w/gulls/']);
  const absent = await get('/w/gulls/no/page');
  expect(absent.status).toBe(404);
  const [, style = ''] = /href="([^"]*\.css)"/.exec(await absent.text()) ?? [];
  expect(style).toMatch(/^\/w\/gulls\//);
  expect((await get(style)).headers.get('content-type')).toBe('text/css; charset=utf-8');
  const nobody = await get('/w/puffins/');
  expect([nobody.status, nobody.headers.get('content-type')]).toEqual([404, 'application/json']);
});

test('a server that publishes nothing answers as if there were no site', async () => {
  const { get, client } = await serve({ KITTIWAKE_SITE: 'false' });
  await client().put('home', '# Home\n');
  const { status, headers } = await get('/');
  expect([status, headers.get('content-type')]).toEqual([404, 'application/json']);
});

test('a wiki that is not public has a site that says so, and shows nothing', async () => {
  const { get, client, until } = await serve({ KITTIWAKE_READ_ACCESS: 'APPROVED' });
  await client().put('secret/canary', '# Canary\n');
  await until('/', 'Nothing is published here yet');
  for (const path of [
    '/',
    '/secret',
    '/secret/canary',
    '/-/index',
    '/-/tree.json',
    '/-/changelog/feed.atom',
  ]) {
    expect((await (await get(path)).text()).toLowerCase(), path).not.toContain('canary');
  }
});

import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { runHere } from '../support/run-here.ts';
import { serveWiki } from '../support/served-wiki.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('wikis are made, changed, deleted and told of from the command line', async () => {
  const env = { KITTIWAKE_DATA: folder.path('commands') };
  const run = (...words: string[]) => runHere(['tenant', ...words], env);
  const made = await run('create', 'anna', '--max-pages', '5', '--owner', 'Anna', '--token');
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^kw_[\w-]{43}\n$/) });
  expect(await run('create', 'anna')).toMatchObject({
    code: 1,
    err: expect.stringContaining('tenant_exists'),
  });
  expect(await run('create', 'www')).toMatchObject({ code: 1, err: expect.stringContaining('reserved') });
  expect((await run('list')).out).toMatch(/^anna\tactive\t[0-9a-f]{32}\tAnna\n$/);
  expect((await run('show', 'anna')).out).toContain('pages\t0 of 5\n');
  expect((await run('limit', 'anna', '--max-size', '50MiB')).code).toBe(0);
  expect(JSON.parse((await run('show', 'anna', '--json')).out).usage.limits).toEqual({
    pages: 5,
    bytes: 52_428_800,
  });
  expect(await run('limit', 'anna')).toMatchObject({
    code: 2,
    err: expect.stringContaining('Missing --max-pages'),
  });
  expect((await run('suspend', 'anna')).out).toContain('anna\tsuspended');
  expect((await run('resume', 'anna')).out).toContain('anna\tactive');
  expect((await run('delete', 'anna', '--grace-days', '3')).out).toMatch(/^anna\tdeleted until \d{4}-/);
  expect((await run('sweep')).out).toBe('No wiki is to be removed\n');
  expect((await run('undelete', 'anna')).out).toContain('anna\tactive');
  expect(await run('show', 'nobody')).toMatchObject({
    code: 1,
    err: 'error: Wiki not found: nobody (tenant_absent)\n',
  });
});

it('one server serves many wikis by path', async () => {
  const env = { KITTIWAKE_TENANTS: 'path:/w' };
  const { send, stop, url, call } = await serveWiki(folder.path('served'), { env });
  for (const name of ['anna', 'bert']) expect((await call('POST', '/tenants', { name })).status).toBe(201);
  const page = `${url}/w/anna/api/v1/pages/Home`;
  const headers = { authorization: 'Bearer test-key', 'content-type': 'application/json' };
  const put = await fetch(page, { method: 'PUT', headers, body: '{"content":"a swallow"}' });
  expect(put.status).toBe(201);
  const search = async (name: string) => {
    const response = await fetch(`${url}/w/${name}/api/v1/search?q=swallow`, { headers });
    return ((await response.json()) as { total: number }).total;
  };
  expect([await search('anna'), await search('bert')]).toEqual([1, 0]);
  expect((await send('GET', '/pages/Home')).status).toBe(404);
  expect((await stop()).code).toBe(0);
});

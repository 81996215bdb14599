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
  const { client, stop, url } = await serveWiki(folder.path('served'), { env });
  const [anna, bert] = ['anna', 'bert'].map(name => client({ url: `${url}/w/${name}` }));
  for (const name of ['anna', 'bert']) await client().request('POST /api/v1/tenants', { body: { name } });
  await anna?.put('Home', 'a swallow');
  const found = [anna, bert].map(async each => (await Array.fromAsync(each?.search('swallow') ?? [])).length);
  expect(await Promise.all(found)).toEqual([1, 0]);
  await expect(client().page('Home')).rejects.toMatchObject({ status: 404 });
  expect((await stop()).code).toBe(0);
});

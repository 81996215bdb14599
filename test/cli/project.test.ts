import { rmSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { runHere } from '../support/run-here.ts';
import { serveWiki } from '../support/served-wiki.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('what follows from commits is told of, run and made anew from the command line', async () => {
  const data = folder.path('data');
  const { call, stop } = await serveWiki(data);
  await call('PUT', '/pages/Home', { content: 'a gull' });
  await stop();
  rmSync(`${data}/search`, { recursive: true, force: true });
  const env = { KITTIWAKE_DATA: data };
  const run = (...words: string[]) => runHere(['project', ...words], env);
  const behind = await run('status');
  expect([behind.code, behind.out]).toEqual([
    1,
    expect.stringMatching(/^search: nothing was taken in yet$/m),
  ]);
  const ran = await run('run', 'search');
  expect([ran.code, ran.out]).toEqual([0, 'search: done, head_ordinal 0, index local\n']);
  expect((await run('status')).out).toMatch(/^search: at the newest commit$/m);
  const rebuilt = await run('rebuild', 'search', '--json');
  expect(JSON.parse(rebuilt.out)).toMatchObject({ name: 'search', outcome: 'done' });
  expect((await run('run')).code).toBe(0);
  const after = await run('status', '--json');
  const statuses = after.out
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
  const inUse = statuses.filter(({ isOff }) => !isOff);
  expect(inUse.map(({ name }) => name)).toContain('search');
  for (const { name, behind, failure } of inUse)
    expect([name, behind, failure]).toEqual([name, { commits: 0, seconds: 0 }, undefined]);
  expect((await run('status')).out).toMatch(/^notify: switched off$/m);
  expect(after.code).toBe(0);
});

it('an unknown name is refused with those that there are', async () => {
  const env = { KITTIWAKE_DATA: folder.path('none') };
  expect((await runHere(['wiki', 'create'], env)).code).toBe(0);
  for (const command of ['run', 'rebuild']) {
    const { code, err } = await runHere(['project', command, 'sitemap'], env);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/"sitemap", there are search, .*projection_unknown/),
    ]);
  }
});

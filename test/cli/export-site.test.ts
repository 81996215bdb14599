import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { kittiwake, temporaryFolder } from '../support/cli.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const env = { KITTIWAKE_READ_ACCESS: 'ANONYMOUS' };

test('the published site is written as files that any host can show', async () => {
  mkdirSync(folder.path('pages', 'docs', 'intro'), { recursive: true });
  writeFileSync(folder.path('pages', 'home.md'), '# Home\n\nSee [[Docs/Intro]].\n');
  writeFileSync(folder.path('pages', 'index.md'), '# A page that is named so\n');
  writeFileSync(folder.path('pages', 'docs', 'intro.md'), '# Intro\n\n![](./sea.png)\n');
  writeFileSync(folder.path('pages', 'docs', 'intro', 'sea.png'), 'a picture');
  const data = ['--data', folder.path('data')];
  expect((await kittiwake(['import', folder.path('pages'), ...data], { env })).code).toBe(0);
  const empty = await kittiwake(['export', '--site', folder.path('empty'), ...data], { env });
  expect(empty.err).toContain('nothing is published');
  expect((await kittiwake(['project', 'run', ...data], { env })).code).toBe(0);
  const { code, out, err } = await kittiwake(['export', '--site', folder.path('site'), ...data], { env });
  expect([code, err]).toEqual([0, 'left out: "index" (a name that hosts of files use)\n']);
  expect(out).toMatch(/^Exported the site, \d+ files, /);
  const files = readdirSync(folder.path('site'), { recursive: true });
  for (const file of [
    'index.html',
    '404.html',
    'robots.txt',
    'docs.html',
    'docs/intro.html',
    '-/index.html',
  ]) {
    expect(files).toContain(file);
  }
  const page = readFileSync(folder.path('site', 'docs', 'intro.html'), 'utf8');
  const [, picture = ''] = /src="([^"]*sea\.png)"/.exec(page) ?? [];
  expect(readFileSync(join(folder.path('site', 'docs'), picture), 'utf8')).toBe('a picture');
  const [, style = ''] = /href="([^"]*\.css)"/.exec(page) ?? [];
  expect(readFileSync(join(folder.path('site', 'docs'), style), 'utf8')).toContain(':root');
});

test('one thing is exported at a time', async () => {
  const args = ['export', '--site', '--bare', folder.path('both'), '--data', folder.path('data')];
  const { code, err } = await kittiwake(args, { env });
  expect(code).not.toBe(0);
  expect(err).toContain('--bare');
});

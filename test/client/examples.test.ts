import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { KEY } from '../http/harness.ts';
import { follow, ROOT, temporaryFolder } from '../support/cli.ts';
import { openListeningWiki } from '../support/listening-wiki.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** Runs an example to its end. Resolves with the lines that it printed. */
async function run(url: string, name: string, ...args: string[]): Promise<string[]> {
  const command = [process.execPath, join(ROOT, 'examples/client', name), ...args];
  const { code, out, err } = await follow(command, { env: { WIKI_URL: url, WIKI_TOKEN: KEY } }).finished;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out.trim().split('\n').sort();
}

test('the daily note takes the lines of all who add to it', async () => {
  const wiki = await openListeningWiki();
  await Promise.all(['Bread', 'Milk', 'Tea and cake'].map(line => run(wiki.url, 'daily-note.ts', line)));
  const [{ path = '' } = {}] = await Array.fromAsync(wiki.client().pages());
  const { content } = await wiki.client().page(path);
  expect(path).toMatch(/^Notes\/\d{4}-\d\d-\d\d$/);
  expect(
    content
      .replace(/- [\d:]+ /g, '')
      .trim()
      .split('\n')
      .sort(),
  ).toEqual(['Bread', 'Milk', 'Tea and cake']);
});

test('folders are kept alike with a wiki and so with each other, and nothing is overwritten', async () => {
  const wiki = await openListeningWiki();
  const sync = (name: string) => run(wiki.url, 'sync-folder.ts', folder.path(name));
  const read = (name: string) => readFileSync(folder.path(name), 'utf8');
  mkdirSync(folder.path('one/docs'), { recursive: true });
  mkdirSync(folder.path('two'));
  writeFileSync(folder.path('one/docs/intro.md'), 'one\n\n\n\n\n\ntwo\n');
  expect(await sync('one')).toEqual(['sent docs/intro']);
  expect(await sync('two')).toEqual(['fetched Docs/Intro']);
  expect(read('two/Docs/Intro.md')).toBe('one\n\n\n\n\n\ntwo\n');
  expect(await sync('one')).toEqual(['']);
  writeFileSync(folder.path('one/docs/intro.md'), 'ONE\n\n\n\n\n\ntwo\n');
  writeFileSync(folder.path('two/Docs/Intro.md'), 'one\n\n\n\n\n\nTWO\n');
  expect(await sync('one')).toEqual(['sent Docs/Intro']);
  expect(await sync('two')).toEqual(['merged Docs/Intro']);
  expect(read('two/Docs/Intro.md')).toBe('ONE\n\n\n\n\n\nTWO\n');
  writeFileSync(folder.path('one/docs/intro.md'), 'mine\n');
  await wiki.write('Docs/Intro', 'theirs\n');
  expect(await sync('one')).toEqual(['conflict: Docs/Intro']);
  expect([read('one/docs/intro.md'), await wiki.text('Docs/Intro')]).toEqual(['mine\n', 'theirs\n']);
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { randomId, systemRuntime } from '../../src/core/runtime.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { createDiskByteStore } from '../../src/storage/disk.ts';
import { createDescribe } from '../../src/wiki/markup/describe.ts';
import { DEFAULT_SETTINGS } from '../../src/wiki/settings.ts';
import { commitFiles, newRepository } from '../support/repository.ts';
import { found, openIndex, temporaryFile } from './search-support.ts';

const PAGES = 600;
const SCRIPT = fileURLToPath(new URL('index-process.ts', import.meta.url));

interface Place {
  wiki: LedgerRepository;
  store: string;
  file: string;
}

async function wikiOnDisk(): Promise<Place> {
  const file = temporaryFile('pages.sqlite');
  const store = join(dirname(file), 'data');
  const wiki = await newRepository({
    store: createDiskByteStore({ folder: store }),
    uuid: randomId(systemRuntime),
    describe: createDescribe(DEFAULT_SETTINGS),
  });
  const files = Array.from({ length: PAGES }, (_, n) => [`p${n}.md`, `gull number ${n}`]);
  await commitFiles(wiki, Object.fromEntries(files));
  return { wiki, store, file };
}

function start({ wiki, store, file }: Place, ...more: string[]): ChildProcess {
  return spawn(process.execPath, [SCRIPT, store, wiki.uuid, file, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** What the process says last. */
async function answerOf(child: ChildProcess): Promise<{ pages: number; found: string[] }> {
  let output = '';
  child.stdout?.on('data', chunk => {
    output += chunk;
  });
  await once(child, 'close');
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

/** Resolves when the process has read `count` pages. */
async function hasRead(child: ChildProcess, count: number): Promise<void> {
  for await (const chunk of child.stdout ?? []) if (String(chunk).includes(`read ${count}\n`)) return;
  throw new Error(`the process ended before it had read ${count} pages`);
}

describe('processes on one search index', () => {
  it('build it once between them', { timeout: 60_000 }, async () => {
    const place = await wikiOnDisk();
    const children = [1, 2, 3].map(() => answerOf(start(place)));
    const answers = await Promise.all(children);
    expect(answers.map(({ found }) => found.length)).toEqual([PAGES, PAGES, PAGES]);
    expect(answers.reduce((sum, { pages }) => sum + pages, 0)).toBe(PAGES);
  });

  it('go on where one was killed in the middle', { timeout: 60_000 }, async () => {
    const place = await wikiOnDisk();
    const child = start(place, 'slow');
    await hasRead(child, 400);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const index = openIndex({ file: place.file });
    expect(await index.cursor()).toBeUndefined();
    const { pages } = await index.status();
    expect(pages).toBeGreaterThan(0);
    expect(pages).toBeLessThan(PAGES);
    await commitFiles(place.wiki, { 'p1.md': 'tern', 'p599.md': null, 'q.md': 'gull' });
    expect(await found(index, place.wiki, 'gull')).toHaveLength(PAGES - 1);
    expect(await found(index, place.wiki, 'tern')).toEqual(['p1.md']);
  });

  it('take turns at keeping it up to date', async () => {
    const { wiki, file } = await wikiOnDisk();
    const indexes = [openIndex({ file }), openIndex({ file }), openIndex({ file })];
    for (let round = 0; round < 15; round += 1) {
      await commitFiles(wiki, { [`p${round}.md`]: `tern ${round}` });
      const all = await Promise.all(indexes.map(index => found(index, wiki, 'tern')));
      expect(all.map(paths => paths.length)).toEqual([round + 1, round + 1, round + 1]);
    }
  });
});

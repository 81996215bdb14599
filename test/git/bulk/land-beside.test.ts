import { expect, test } from 'vitest';
import { commitBulk } from '../../../src/git/bulk/commit-bulk.ts';
import type { LedgerRepository } from '../../../src/git/open.ts';
import { createDiskByteStore } from '../../../src/storage/disk.ts';
import { farStore } from '../../support/far-store.ts';
import { commitFiles } from '../../support/repository.ts';
import { bulkOf, manyPages, newWiki, scratchFolder, storeRun } from './bulk-support.ts';
import { allTexts, problems, reopened } from './verify.ts';

const WRITERS = [1, 3];

/** Writes pages one after the other until `over`, by a process of its own. Resolves with what it wrote. */
async function writeUntil(repository: LedgerRepository, name: string, over: Promise<unknown>) {
  const own = reopened(repository);
  const written: Record<string, string> = {};
  let isOver = false;
  const stop = () => {
    isOver = true;
  };
  over.then(stop, stop);
  for (let turn = 0; !isOver; turn += 1) {
    const path = `${name}/note-${turn}.md`;
    await commitFiles(own, { [path]: `note ${turn}` });
    written[path] = `note ${turn}`;
  }
  return written;
}

const places = [
  { name: 'a disk', open: () => createDiskByteStore({ folder: scratchFolder() }), local: true },
  { name: 'a store far away', open: farStore, local: false },
];
const cases = places.flatMap(place => WRITERS.map(writers => ({ ...place, writers })));

test.each(cases)(
  'an import lands beside $writers who write without pause to $name',
  async ({ open, local, writers }) => {
    const repository = await newWiki({ store: open(), local });
    await commitFiles(repository, { 'first.md': 'first' });
    const files = [...manyPages(300)];
    const run = await storeRun(repository, files);
    const landing = commitBulk(await bulkOf(repository, [run]));
    const names = Array.from({ length: writers }, (_, n) => `writer-${n}`);
    const written = await Promise.all(names.map(name => writeUntil(repository, name, landing)));
    expect(await landing).toMatchObject({ counts: { written: 300 } });
    const notes = Object.assign({}, ...written);
    expect(Object.keys(notes).length).toBeGreaterThanOrEqual(writers);
    const there = { 'first.md': 'first', ...Object.fromEntries(files), ...notes };
    expect(await allTexts(reopened(repository))).toEqual(there);
    expect(await problems(reopened(repository))).toEqual([]);
  },
);

/**
 * A process that brings an index to the head of a wiki on disk: `node index-process.ts <store> <uuid> <index> [slow]`. Prints
 * the number of pages that it read and the paths found for "gull". With `slow` each page takes a while, and a line
 * is printed for every one.
 */

import { systemRuntime } from '../../src/core/runtime.ts';
import { openRepository } from '../../src/git/open.ts';
import { createSearchIndex } from '../../src/projection/search-index.ts';
import { createDiskByteStore } from '../../src/storage/disk.ts';
import { createDescribe } from '../../src/wiki/markup/describe.ts';
import { DEFAULT_SETTINGS } from '../../src/wiki/settings.ts';
import { readPage } from './read-page.ts';

const [store = '', uuid = '', file = '', pace] = process.argv.slice(2);
let pages = 0;

const repository = openRepository({
  store: createDiskByteStore({ folder: store, runtime: systemRuntime }),
  uuid,
  runtime: systemRuntime,
  describe: createDescribe(DEFAULT_SETTINGS),
});
const index = createSearchIndex({
  file,
  runtime: systemRuntime,
  pageText: async (path, bytes) => {
    pages += 1;
    if (pace === 'slow') {
      await systemRuntime.sleep(1);
      process.stdout.write(`read ${pages}\n`);
    }
    return readPage(path, bytes);
  },
});
const { results } = await index.search(await repository.view(), 'gull');
await index.close();
process.stdout.write(`${JSON.stringify({ pages, found: results.map(({ path }) => path) })}\n`);

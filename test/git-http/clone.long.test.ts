import { expect, test } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createDiskByteStore } from '../../src/storage/disk.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { serveWiki } from '../support/served-wiki.ts';
import { commitPage, openStored, storePages } from '../support/stored-wiki.ts';
import { cloneOf, remoteOf } from './clone.ts';

const PAGES = 10_000;
const COMMITS = 500;

test('a wiki of ten thousand pages is cloned whole, shallow and partial, and fsck finds nothing', async () => {
  const data = temporaryFolder();
  const store = createDiskByteStore({ folder: data, runtime: systemRuntime });
  const pathOf = (n: number) => `folder-${n % 100}/page-${n}.md`;
  const pages = Array.from({ length: PAGES }, (_, n) => ({ path: pathOf(n), text: `# Page ${n}\n` }));
  const uuid = await storePages(store, pages);
  const repository = openStored(store, uuid, { local: true });
  let head = '';
  for (let n = 0; n < COMMITS; n += 1)
    head = await commitPage(repository, pathOf(n * 7), `# Page again ${n}\n`);
  const { url } = await serveWiki(data, { env: { KITTIWAKE_WIKI: uuid } });
  for (const options of [[], ['--depth=1'], ['--filter=blob:none']]) {
    const clone = await cloneOf(remoteOf(url), ...options);
    expect(await clone.git('rev-parse', 'HEAD')).toBe(head);
    expect((await clone.git('ls-files')).split('\n')).toHaveLength(PAGES);
    expect(await clone.git('status', '--short')).toBe('');
    expect(await clone.git('fsck', '--full', '--strict')).toBe('');
  }
});

import { expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { openRepository } from '../../src/git/open.ts';
import { collectGarbage } from '../../src/git/upkeep/gc.ts';
import { mergeRun } from '../../src/git/upkeep/merge.ts';
import { createWiki } from '../../src/wiki/create-wiki.ts';
import { createDescribe } from '../../src/wiki/markup/describe.ts';
import { DEFAULT_SETTINGS } from '../../src/wiki/settings.ts';
import { commitFiles, newRepository } from '../support/repository.ts';

it('a reader that holds an old state finds pages whose packs were merged and deleted', async () => {
  const describe = createDescribe(DEFAULT_SETTINGS);
  const writer = await newRepository({ flush: null, describe });
  await commitFiles(writer, { 'a.md': 'first', 'a/file.txt': 'x' });
  await writer.flusher.flush();
  await commitFiles(writer, { 'b.md': 'second' });
  await writer.flusher.flush();
  const { store, uuid, runtime } = writer;
  const late = () => openRepository({ store, uuid, runtime, describe, maxAgeMs: 3_600_000 });
  const readers = [late(), late(), late()];
  for (const reader of readers) await reader.view();
  const ledger = await writer.ledger();
  await mergeRun(writer, ledger, ledger.packs);
  await collectGarbage(writer, { readerGraceMs: 0 });
  const [page, list, files] = readers.map(repository => createWiki({ repository, runtime: systemRuntime }));
  expect((await page?.readPage('A'))?.body.content).toBe('first');
  expect((await list?.listPages({}))?.total).toBe(2);
  expect((await files?.readAttachment('A', 'file.txt'))?.body.size).toBe(1);
});

import { mergeNewest } from '../../src/git/upkeep/merge.ts';
import { commitPage, openStored } from '../../test/support/stored-wiki.ts';
import { pagePath } from '../support/page-layout.ts';
import { revised } from '../support/page-text.ts';
import { storeAt } from '../support/s3-store.ts';
import type { ServerUnderTest } from '../support/server-under-test.ts';
import { stageWiki, type WikiSize } from '../support/staged-wiki.ts';

const MERGES = 3;
const FLUSHES = 4;
const COMMITS = 10;

/** A wiki in a bucket as weeks of use leave it: edits that were flushed, packs that were merged, a few commits in the journal. */
export interface AgedWiki {
  size: WikiSize;
  uuid: string;
  /** Of its keys in the bucket. */
  prefix: string;
}

export async function makeAgedWiki(
  server: ServerUnderTest,
  size: WikiSize,
  kept: string | undefined,
): Promise<AgedWiki> {
  const prefix = `${server.prefix}/${size.layout}-${size.pages}`;
  const store = storeAt(server.target, prefix);
  const uuid = await stageWiki(store, size, kept);
  const repository = openStored(store, uuid, { flush: null });
  let edits = 0;
  const commit = async () => {
    const path = pagePath((edits * 991) % size.pages, size.pages, size.layout);
    await commitPage(
      repository,
      path,
      Buffer.from(revised(`About [[${path.replace(/\.md$/, '')}]].\n`, edits)),
    );
    edits += 1;
  };
  for (let merge = 0; merge < MERGES; merge += 1) {
    for (let flush = 0; flush < FLUSHES; flush += 1) {
      for (let each = 0; each < COMMITS; each += 1) await commit();
      await repository.flusher.flush();
    }
    await mergeNewest(repository);
  }
  for (let each = 0; each < COMMITS; each += 1) await commit();
  return { size, uuid, prefix };
}

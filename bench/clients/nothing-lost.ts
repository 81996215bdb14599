import { hashObject } from '../../src/git/object/object-codec.ts';
import { pagePath } from '../support/page-layout.ts';
import { expectSame } from '../support/verify.ts';
import { openWiki } from '../support/wiki-folder.ts';
import { type Acknowledged, textOf } from './load.ts';

/**
 * Reads the whole history from the store, with nothing in memory: every acknowledged update is one commit with its text, and
 * there are no others.
 * @throws Error when one is lost, or there twice
 */
export async function expectNothingLost(
  folder: string,
  uuid: string,
  count: number,
  acknowledged: readonly Acknowledged[],
): Promise<void> {
  const { repository } = openWiki(folder, uuid);
  const view = await repository.view({ maxAgeMs: 0 });
  const found = new Map<string, string>();
  for await (const { commit, changes } of view.log()) {
    const [change] = changes;
    if (commit.parents.length > 0) found.set(commit.oid, `${changes.length} ${change?.path} ${change?.oid}`);
  }
  expectSame('the number of commits', found.size, acknowledged.length);
  expectSame('the number of revisions', new Set(acknowledged.map(each => each.revision)).size, found.size);
  for (const { page, seed, revision } of acknowledged) {
    const wanted = `1 ${pagePath(page, count, 'nested')} ${hashObject('blob', Buffer.from(textOf(page, seed)))}`;
    expectSame(`commit ${revision}`, found.get(revision), wanted);
  }
}

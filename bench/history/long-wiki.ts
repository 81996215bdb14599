import { systemRuntime } from '../../src/core/runtime.ts';
import type { Oid } from '../../src/git/object/objects.ts';
import { createWiki } from '../../src/wiki/create-wiki.ts';
import type { Wiki } from '../../src/wiki/wiki.ts';
import { commitPage } from '../../test/support/stored-wiki.ts';
import { linkedPages } from '../support/linked-wiki.ts';
import { pagePath } from '../support/page-layout.ts';
import { pageText } from '../support/page-text.ts';
import { loadWiki, openWiki, type WikiFolder } from '../support/wiki-folder.ts';

/** A wiki with a long history, and what of it is asked for. */
export interface LongWiki {
  folder: string;
  uuid: string;
  /** All commits, the one that brought the pages first. */
  commits: readonly Oid[];
  /** Files and how often each was touched after it had come. */
  files: { never: string; middle: string; newest: string; often: string };
}

/** Every so many commits touch the one page that is edited often. */
const OFTEN = 10;

/** One commit after the other, flushed as in the life of a wiki. */
export async function growHistory(folder: string, pages: number, commits: number): Promise<LongWiki> {
  const uuid = await loadWiki(folder, linkedPages(pages));
  const { repository } = openWiki(folder, uuid);
  const fileOf = (index: number) => pagePath(index, pages, 'nested');
  const files = { never: fileOf(1), middle: fileOf(2), newest: fileOf(3), often: fileOf(4) };
  const loaded = (await repository.view()).head ?? '';
  const made: Oid[] = [loaded];
  for (let number = 1; number < commits; number += 1) {
    const text = Buffer.from(pageText({ seed: 6_000_000 + number, bytes: 400 }));
    made.push(await commitPage(repository, touchedBy(number), text));
  }
  return { folder, uuid, commits: made, files };

  function touchedBy(number: number): string {
    if (number === commits - 1) return files.newest;
    if (number === Math.floor(commits / 2)) return files.middle;
    return number % OFTEN === 0 ? files.often : fileOf(5 + (number % (pages - 5)));
  }
}

/** Opens it anew: nothing of it is in memory. */
export function openLong({ folder, uuid }: LongWiki): WikiFolder & { wiki: Wiki } {
  const opened = openWiki(folder, uuid);
  return { ...opened, wiki: createWiki({ repository: opened.repository, runtime: systemRuntime }) };
}

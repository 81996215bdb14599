import type { PageItem } from '../page-item.ts';
import type { FileContent, RowFailure } from '../row.ts';
import { readContent } from './item-content.ts';
import type { LaneItem, LaneTask } from './lane.ts';
import type { ReadOptions } from './reading.ts';
import { contentBytes } from './sample.ts';

/** Of one task. */
const TASK_BYTES = 2 << 20;

/** Items whose contents are in memory or stored, and those that could not be had. */
export interface Prepared {
  work: LaneTask | undefined;
  bytes: number;
  failures: RowFailure[];
}

/** Cuts items into tasks, and reads the contents that are not there yet. */
export async function* itemTasks(
  items: readonly PageItem[],
  options: Pick<ReadOptions, 'repository' | 'dryRun' | 'signal'>,
): AsyncGenerator<Prepared> {
  let ready: LaneItem[] = [];
  let failures: RowFailure[] = [];
  let bytes = 0;
  for (const { path, content, origins } of items) {
    const got = isFileContent(content) ? await readContent(content, origins, options) : content;
    if (typeof got !== 'string' && 'code' in got) failures.push(got);
    else {
      ready.push({ path, content: got, origins });
      bytes += contentBytes(got);
    }
    if (bytes < TASK_BYTES) continue;
    yield { work: { kind: 'items', items: ready }, bytes, failures };
    ready = [];
    failures = [];
    bytes = 0;
  }
  const work = ready.length === 0 ? undefined : { kind: 'items' as const, items: ready };
  if (work || failures.length > 0) yield { work, bytes, failures };
}

function isFileContent(content: PageItem['content']): content is FileContent {
  return typeof content === 'object' && 'open' in content;
}

import type { ArchiveOptions } from './archive-options.ts';
import type { Convention } from './convention.ts';
import type { FileList } from './file-list.ts';
import { plainConvention } from './plain.ts';

/** The convention that was asked for, or the one that the names of the files show. */
export async function findConvention(list: FileList, _options: ArchiveOptions): Promise<Convention> {
  return plainConvention(list);
}

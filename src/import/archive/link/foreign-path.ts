import { candidates, parseDestination } from '../../../wiki/markup/link-target.ts';
import type { PathTable } from '../path-table.ts';

/** A file that a Markdown destination names, and what stands behind its path (`#…`, `?…`). */
export interface Reference {
  file: number;
  suffix: string;
}

/**
 * The file that a relative destination names as files name each other: from the folder of the file that holds it. Undefined: it leads
 * elsewhere, to another site or to the page itself; null: to nothing that is there.
 */
export function referenceOf(
  destination: string,
  from: string,
  paths: PathTable,
): Reference | undefined | null {
  const parsed = parseDestination(destination);
  if (parsed === undefined) return undefined;
  for (const { path } of candidates({ ...parsed, from: parsed.from === 'root' ? 'root' : 'folder' }, from)) {
    for (const form of [path, path.normalize('NFC'), path.normalize('NFD')]) {
      const file = paths.find(form);
      if (file !== undefined) return { file, suffix: parsed.suffix };
    }
  }
  return null;
}

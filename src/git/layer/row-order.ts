import { comparePaths } from '../object/paths.ts';
import type { Row } from './layer.ts';

/**
 * Git's tree order: by the bytes of the names, a folder's name as if it ended with a slash. A tombstone, of which nobody
 * knows what it was, stands where a file would.
 */
export function compareRows(a: Row, b: Row): number {
  return comparePaths(orderKey(a), orderKey(b));
}

/** What git's tree order compares: the name, with a slash after that of a folder. */
export function orderKey(row: Row): string {
  return row.kind === 'folder' ? `${row.name}/` : row.name;
}

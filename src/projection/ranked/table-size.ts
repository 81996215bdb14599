import type { TableSize } from './bm25.ts';

/**
 * Reads the record of averages of an FTS5 table (row 1 of its `_data`): how many rows it has, then the words of each column, as
 * SQLite's variable-length integers.
 */
export function readTableSize(record: Uint8Array | undefined): TableSize {
  const [rows = 0, ...columns] = record ? integers(record) : [];
  return { rows, words: columns.reduce((sum, words) => sum + words, 0) };
}

/** Seven bits a byte, the high bit set on all but the last; eight bits in a ninth. */
function integers(bytes: Uint8Array): number[] {
  const found: number[] = [];
  let value = 0;
  let length = 0;
  for (const byte of bytes) {
    length += 1;
    const isNinth = length === 9;
    value = isNinth ? value * 256 + byte : value * 128 + (byte & 0x7f);
    if (byte < 0x80 || isNinth) {
      found.push(value);
      [value, length] = [0, 0];
    }
  }
  return found;
}

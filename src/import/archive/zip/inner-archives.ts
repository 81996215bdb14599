import { sourceUnsupported } from '../../errors.ts';
import type { SourceFile } from '../../source.ts';
import { type ArchiveOptions, DEFAULT_BOUNDS } from '../archive-options.ts';
import { dataStart, unpackEntry } from './unpack-entry.ts';
import type { Container, TableRow, ZipTable } from './zip-table.ts';

/**
 * An archive that is an entry of another. One that is stored as it is, is read where it lies; one that is compressed again has to be
 * unpacked to memory.
 * @throws KittiwakeError `entry_corrupt`, `source_unsupported`
 */
export async function openInner(
  outer: SourceFile,
  row: TableRow,
  table: ZipTable,
  { bounds }: Pick<ArchiveOptions, 'bounds'>,
): Promise<SourceFile> {
  const container = table.containers[row.container] as Container;
  const name = row.path.slice(row.path.lastIndexOf('/') + 1);
  if (row.flaw !== undefined)
    throw sourceUnsupported(outer.name, `the archive "${name}" in it cannot be read`);
  if (!row.isDeflated) {
    const start = await dataStart(row, container);
    const cut = (at: number) => start + Math.min(Math.max(0, at), row.size);
    return { name, size: row.size, read: (from, to) => outer.read(cut(from), cut(to)) };
  }
  const { maxInnerBytes } = { ...DEFAULT_BOUNDS, ...bounds };
  if (row.size > maxInnerBytes) {
    const reason = `the archive "${name}" in it is compressed twice and has more than ${maxInnerBytes} bytes`;
    throw sourceUnsupported(outer.name, `${reason}; unpack the outer one and import those inside`);
  }
  const bytes = await unpackEntry(row, container);
  return { name, size: bytes.length, read: async (from, to) => Buffer.from(bytes.subarray(from, to)) };
}

import { sourceUnsupported } from '../../errors.ts';
import { sourceUnsafe } from '../../source/errors.ts';
import type { SourceFile } from '../../source.ts';
import { type ArchiveOptions, DEFAULT_BOUNDS } from '../archive-options.ts';
import type { EntryRefusal, FileList } from '../file-list.ts';
import { isPageName } from '../page-name.ts';
import { openInner } from './inner-archives.ts';
import { readDirectory } from './read-directory.ts';
import { unpackEntry, unpackInPieces } from './unpack-entry.ts';
import { type Container, type Flaw, type TableRow, ZipTable } from './zip-table.ts';

/** Archives inside of one. */
const MAX_INNER = 100;

type Options = Pick<ArchiveOptions, 'bounds' | 'hidden' | 'signal'>;

/**
 * The files of a ZIP file, none of which is unpacked to disk. An archive that holds nothing but archives, as Notion makes them, is
 * read as all that they hold.
 * @throws KittiwakeError `source_corrupt`, `source_unsupported`, `source_unsafe`, `source_too_large`
 */
export async function openZip(file: SourceFile, options: Options): Promise<FileList> {
  const outer = new ZipTable();
  await readDirectory(file, outer, options);
  const inner = innerArchives(outer);
  if (inner.length > MAX_INNER)
    throw sourceUnsupported(file.name, `it holds ${inner.length} archives, at most ${MAX_INNER} are read`);
  const table = inner.length === 0 ? outer : new ZipTable();
  for (const row of inner) await readDirectory(await openInner(file, row, outer, options), table, options);
  table.markDuplicates();
  checkSize(file, table, options);
  return listOf(file, table);
}

/** None where there is a page beside them: then they are attachments. */
function innerArchives(table: ZipTable): TableRow[] {
  const rows: TableRow[] = [];
  for (let index = 0; index < table.paths.count; index += 1) {
    const path = table.paths.at(index);
    if (isPageName(path)) return [];
    if (/\.zip$/i.test(path)) rows.push(table.row(index));
  }
  return rows;
}

function checkSize(file: SourceFile, table: ZipTable, { bounds }: Options): void {
  const { maxUnpackedBytes, maxRatio, ratioFromBytes } = { ...DEFAULT_BOUNDS, ...bounds };
  let size = 0;
  for (let index = 0; index < table.paths.count; index += 1) size += table.size(index);
  if (size > maxUnpackedBytes)
    throw sourceUnsafe(file.name, `unpacked it has ${size} bytes, the limit is ${maxUnpackedBytes}`);
  if (size > ratioFromBytes && size > file.size * maxRatio)
    throw sourceUnsafe(
      file.name,
      `unpacking makes more than ${maxRatio} bytes of each byte, as no text does`,
    );
}

function listOf(file: SourceFile, table: ZipTable): FileList {
  const containerOf = (row: TableRow) => table.containers[row.container] as Container;
  const unpack = (row: TableRow) => unpackEntry(row, containerOf(row));
  return {
    paths: table.paths,
    order: table.inPlace(),
    left: table.left,
    bytes: file.size,
    marks: [...table.aside.keys()],
    size: index => table.size(index),
    storedSize: index => table.stored(index),
    refusal: index => refusalOf(table.flaw(index)),
    read: index => unpack(table.row(index)),
    open: index => unpackInPieces(table.row(index), containerOf(table.row(index))),
    async hidden(path) {
      const row = table.aside.get(path);
      return row?.flaw === undefined ? row && (await unpack(row)) : undefined;
    },
  };
}

const REFUSALS: Record<Flaw, [code: string, reason: string]> = {
  unsafe: [
    'entry_unsafe',
    'its name could lead out of the archive; pack it again with "/" between relative names',
  ],
  link: ['entry_link', 'it is a link; links are not followed'],
  encrypted: ['entry_encrypted', 'it is encrypted; pack it again without a password'],
  method: ['entry_unsupported', 'it is packed in another way than deflate; pack it again'],
  size: ['entry_corrupt', 'its sizes contradict each other'],
  duplicate: ['entry_duplicate', 'the archive holds another entry of its name, which was taken'],
};

function refusalOf(flaw: Flaw | undefined): EntryRefusal | undefined {
  if (flaw === undefined) return undefined;
  const [code, reason] = REFUSALS[flaw];
  return { code, message: `Reading an entry of an archive: ${reason}` };
}

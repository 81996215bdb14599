import { type Entry, fromRandomAccessReaderPromise, type ZipFile } from 'yauzl';
import { isKittiwakeError } from '../../../core/errors.ts';
import { sourceCorrupt, sourceUnsupported } from '../../errors.ts';
import { sourceUnsafe } from '../../source/errors.ts';
import type { SourceFile } from '../../source.ts';
import { type ArchiveOptions, DEFAULT_BOUNDS } from '../archive-options.ts';
import { tooManyEntries } from '../errors.ts';
import { hiddenPart } from '../hidden.ts';
import { ByteWindow } from './byte-window.ts';
import { entryName, unsafeEntryName } from './entry-name.ts';
import { RandomReader } from './random-reader.ts';
import type { Flaw, TableRow, ZipTable } from './zip-table.ts';

const LOCAL_HEADER_BYTES = 30;
const DIRECTORY_HEADER_BYTES = 46;
const SMALLEST_ASIDE = 1 << 20;
/** Of a whole path, in UTF-16 units. */
const MAX_NAME_LENGTH = 8_000;
const TYPE_MASK = 0xf000;
const LINK = 0xa000;
const FOLDER = 0x4000;

/**
 * Reads the directory of a ZIP file into a table (APPNOTE.TXT 6.3.10), zip64 too. Names that could lead out of a folder, links and
 * what cannot be read are entries with a flaw.
 * @throws KittiwakeError `source_corrupt`, `source_unsupported`, `source_unsafe`, `source_too_large`
 */
export async function readDirectory(
  file: SourceFile,
  table: ZipTable,
  options: Pick<ArchiveOptions, 'bounds' | 'hidden' | 'signal'>,
): Promise<void> {
  const window = new ByteWindow(file);
  const zip = await openZip(file, window);
  const directoryStart = Number(zip.readEntryCursor);
  checkCount(file, zip.entryCount, table.paths.count, options);
  table.reserve(zip.entryCount);
  const ends = new Float64Array(zip.entryCount);
  const starts = new Float64Array(zip.entryCount + 1);
  let count = 0;
  for await (const entry of entriesOf(file, zip)) {
    if (count % 1024 === 0) options.signal?.throwIfAborted();
    const { relativeOffsetOfLocalHeader: offset, compressedSize, fileNameLength } = entry;
    starts[count] = offset;
    ends[count] = offset + LOCAL_HEADER_BYTES + fileNameLength + compressedSize;
    count += 1;
    addEntry(entry, table, options.hidden === true);
  }
  starts[count] = directoryStart;
  checkOverlaps(file, starts, ends);
  starts.sort();
  table.containers.push({ file, window, starts });
}

async function openZip(file: SourceFile, window: ByteWindow): Promise<ZipFile> {
  try {
    return await fromRandomAccessReaderPromise(new RandomReader(file, window), file.size, {
      decodeStrings: false,
      validateEntrySizes: false,
      autoClose: false,
    });
  } catch (error) {
    throw refused(file, error, file.size);
  }
}

async function* entriesOf(file: SourceFile, zip: ZipFile): AsyncGenerator<Entry> {
  try {
    yield* zip.eachEntry();
  } catch (error) {
    throw refused(file, error, Number(zip.readEntryCursor));
  }
}

function refused(file: SourceFile, error: unknown, byte: number): unknown {
  if (isKittiwakeError(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (/strong encryption|multi-disk/.test(reason)) return sourceUnsupported(file.name, reason);
  const what = /End of central directory record/.test(reason)
    ? 'its directory, which stands at the end, is missing: it was cut off, or is no ZIP file'
    : `its directory is damaged: ${reason}`;
  return sourceCorrupt(file.name, `${what} (read up to byte ${byte} of ${file.size})`, error);
}

function checkCount(
  file: SourceFile,
  entries: number,
  before: number,
  { bounds }: Pick<ArchiveOptions, 'bounds'>,
): void {
  const { maxEntries } = { ...DEFAULT_BOUNDS, ...bounds };
  if (before + entries > maxEntries) throw tooManyEntries(file.name, before + entries, maxEntries);
  if (entries * DIRECTORY_HEADER_BYTES > file.size)
    throw sourceCorrupt(file.name, `it says that it holds ${entries} entries, for which it is too short`);
}

/** Entries that share bytes make more of an archive than it is ("zip bombs without recursion"). */
function checkOverlaps(file: SourceFile, starts: Float64Array, ends: Float64Array): void {
  const order = Uint32Array.from({ length: ends.length }, (_, index) => index);
  const directory = starts[ends.length] ?? 0;
  order.sort((a, b) => (starts[a] ?? 0) - (starts[b] ?? 0));
  for (const [at, index] of order.entries()) {
    const next = order[at + 1];
    const limit = next === undefined ? directory : (starts[next] ?? 0);
    if ((ends[index] ?? 0) <= limit) continue;
    const where = `the entry at byte ${starts[index]} overlaps what is at byte ${limit}`;
    throw sourceUnsafe(file.name, `${where}, as in an archive that is made to do harm`);
  }
}

function addEntry(entry: Entry, table: ZipTable, takesHidden: boolean): void {
  const name = shortened(entryName(entry));
  const container = table.containers.length;
  const mode = (entry.externalFileAttributes >>> 16) & TYPE_MASK;
  const unsafe = unsafeEntryName(name) !== undefined;
  if (!unsafe && (name.endsWith('/') || mode === FOLDER)) return;
  const row: TableRow = {
    path: name,
    container,
    offset: entry.relativeOffsetOfLocalHeader,
    stored: entry.compressedSize,
    size: entry.uncompressedSize,
    crc: entry.crc32,
    isDeflated: entry.compressionMethod === 8,
    flaw: unsafe ? 'unsafe' : flawOf(entry, mode),
  };
  const hidden = unsafe ? undefined : hiddenPart(name, takesHidden);
  if (hidden === undefined) table.add(row);
  else leave(table, row, hidden);
}

/** What of a name that no file can have is enough to refuse it: one in code page 437 grows when it is read. */
function shortened(name: string): string {
  return name.length > MAX_NAME_LENGTH ? `/${name.slice(0, MAX_NAME_LENGTH).toWellFormed()}` : name;
}

function flawOf(entry: Entry, mode: number): Flaw | undefined {
  if (mode === LINK) return 'link';
  if (entry.isEncrypted()) return 'encrypted';
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) return 'method';
  return entry.compressionMethod === 0 && entry.compressedSize !== entry.uncompressedSize
    ? 'size'
    : undefined;
}

/** Hidden files are told once for each hidden folder. Settings of Obsidian are kept in sight. */
function leave(table: ZipTable, row: TableRow, hidden: { path: string; reason: string }): void {
  if (/(?:^|\/)\.obsidian\/[^/]+$/.test(row.path) && row.size < SMALLEST_ASIDE && table.aside.size < 1000)
    table.aside.set(row.path, row);
  table.leave(hidden.path, hidden.reason);
}

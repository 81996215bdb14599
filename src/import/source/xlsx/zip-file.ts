import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { isKittiwakeError } from '../../../core/errors.ts';
import { readRanges } from '../../../git/large/byte-ranges.ts';
import { sourceCorrupt, sourceUnsupported } from '../../errors.ts';
import type { SourceFile } from '../../source.ts';
import { checkUnpacked, type UnpackBounds } from '../bytes/unpack-bounds.ts';

/** The files of a document that is packed as ZIP. */
export interface ZippedDocument {
  /** Bytes of a file, unpacked; undefined where there is none of the name. */
  size(name: string): number | undefined;
  /** @throws KittiwakeError `source_corrupt`, `source_unsafe`, `source_unsupported` */
  read(name: string): AsyncIterable<Uint8Array>;
}

/** A document has some dozens; an archive may have any number. */
const MAX_ENTRIES = 10_000;

class FileReader extends RandomAccessReader {
  readonly #file: SourceFile;

  constructor(file: SourceFile) {
    super();
    this.#file = file;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(readRanges((from, to) => this.#file.read(from, to), start, end));
  }
}

/** Names of the first so many files of a ZIP, whatever they are: nothing is to be read by them. @throws KittiwakeError `source_corrupt` */
export async function zipNames(file: SourceFile, most: number): Promise<string[]> {
  const names: string[] = [];
  try {
    // Of names that nothing may be read by, the archive is refused in part only, and not here.
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: false };
    const zip = await fromRandomAccessReaderPromise(new FileReader(file), file.size, options);
    for await (const { fileNameRaw } of zip.eachEntry()) {
      names.push(fileNameRaw.toString('latin1'));
      if (names.length >= most) break;
    }
  } catch (error) {
    throw corrupt(file, error);
  }
  return names;
}

/** @throws KittiwakeError `source_corrupt`, `source_unsafe` */
export async function openZipped(file: SourceFile, bounds: UnpackBounds): Promise<ZippedDocument> {
  const { zip, entries } = await openEntries(file);
  return {
    size: name => entries.get(name)?.uncompressedSize,
    read: name => readEntry(file, zip, entries.get(name), bounds),
  };
}

async function openEntries(file: SourceFile): Promise<{ zip: ZipFile; entries: Map<string, Entry> }> {
  try {
    const options = { lazyEntries: true, autoClose: false, strictFileNames: true };
    const zip = await fromRandomAccessReaderPromise(new FileReader(file), file.size, options);
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) {
      entries.set(entry.fileName, entry);
      if (entries.size >= MAX_ENTRIES) break;
    }
    return { zip, entries };
  } catch (error) {
    throw corrupt(file, error);
  }
}

async function* readEntry(
  file: SourceFile,
  zip: ZipFile,
  entry: Entry | undefined,
  bounds: UnpackBounds,
): AsyncGenerator<Uint8Array> {
  if (entry === undefined) throw sourceCorrupt(file.name, 'a part of it is missing');
  if (entry.isEncrypted()) throw sourceUnsupported(file.name, 'it is encrypted; save it without a password');
  const { compressedSize: consumed, uncompressedSize: produced } = entry;
  checkUnpacked(file.name, { produced, consumed }, bounds);
  try {
    let crc = 0;
    for await (const bytes of await zip.openReadStreamPromise(entry)) {
      crc = crc32(bytes, crc);
      yield bytes;
    }
    if (crc !== entry.crc32) throw sourceCorrupt(file.name, `"${entry.fileName}" in it is damaged`);
  } catch (error) {
    throw corrupt(file, error);
  }
}

function corrupt(file: SourceFile, error: unknown): unknown {
  if (isKittiwakeError(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const what = /End of central directory record/.test(reason)
    ? 'its directory, which stands at the end, is missing: it was cut off'
    : `its ZIP cannot be read: ${reason}`;
  return sourceCorrupt(file.name, what, error);
}

import { crc32, deflateRawSync } from 'node:zlib';
import { ZipFile } from 'yazl';
import type { ArchiveOptions } from '../../../src/import/archive/archive-options.ts';
import type { ArchiveSource } from '../../../src/import/archive/archive-source.ts';
import { openArchive } from '../../../src/import/archive/open-archive.ts';
import { addNotes, noCounts } from '../../../src/import/engine/batch.ts';
import type { FileContent, Row } from '../../../src/import/row.ts';
import type { ReadingRange, SourceFile } from '../../../src/import/source.ts';

/** A ZIP file in memory. */
export async function zipOf(files: Record<string, string | Buffer>, compress = true): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files))
    zip.addBuffer(Buffer.from(content), name, { compress });
  zip.end();
  return Buffer.concat(await Array.fromAsync(zip.outputStream as AsyncIterable<Buffer>));
}

function fileOf(bytes: Buffer, name = 'wiki.zip'): SourceFile {
  return { name, size: bytes.length, read: async (start, end) => Buffer.from(bytes.subarray(start, end)) };
}

/** @throws what opening throws, and when it is a workbook */
export async function openBytes(
  bytes: Buffer,
  options: Partial<ArchiveOptions> = {},
): Promise<ArchiveSource> {
  const naming = { retainPageNameCase: false, wikilinkStyle: '' };
  const source = await openArchive(fileOf(bytes), { naming, ...options });
  if (source === undefined) throw new Error('It is a workbook');
  return source;
}

export interface RawEntry {
  name: string | Buffer;
  content?: string | Buffer;
  flags?: number;
  method?: number;
  mode?: number;
  /** What the directory claims instead of the truth. */
  size?: number;
  crc?: number;
  /** Of an entry before it, whose bytes this one claims. */
  offset?: number;
}

/** A ZIP file byte by byte, for what no program would write. */
export function rawZip(entries: readonly RawEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const { method = 8, flags = 0x800, mode = 0o100644 } = entry;
    const content = Buffer.from(entry.content ?? '');
    const packed = method === 8 ? deflateRawSync(content) : content;
    const name = Buffer.from(entry.name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(flags, 2);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt32LE(entry.crc ?? crc32(content), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(entry.size ?? content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, name, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(mode * 0x10000, 6);
    tail.writeUInt32LE(entry.offset ?? at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), fields, tail, name);
    if (entry.offset === undefined) {
      parts.push(local);
      at += local.length;
    }
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, listed, end]);
}

/** All that a source yields: rows by their path, with what they hold as text. */
export async function readAll(source: ArchiveSource, range: ReadingRange = {}) {
  const rows: { path: string; row: number; text: string }[] = [];
  const failures: { row: number; code: string }[] = [];
  const seen = noCounts();
  for await (const chunk of source.rows(range)) {
    for (const row of chunk.rows) rows.push(await shown(row));
    addNotes(seen, chunk.notes);
    for (const { origins, code } of chunk.failures) failures.push({ row: origins[0]?.row ?? 0, code });
  }
  return { rows, failures, notes: seen.notes };
}

async function shown({ values, origins }: Row) {
  const { path, content, file } = values;
  const text = typeof content === 'string' ? content : await textOf(file as FileContent);
  return { path: String(path), row: origins[0]?.row ?? 0, text };
}

async function textOf(file: FileContent): Promise<string> {
  return Buffer.concat(await Array.fromAsync(file.open())).toString();
}

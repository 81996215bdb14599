import { sourceUnsupported } from '../errors.ts';
import type { SourceFile } from '../source.ts';
import { encodingNamed } from './bytes/decode.ts';
import { gunzip } from './bytes/gunzip.ts';
import type { UnpackBounds } from './bytes/unpack-bounds.ts';
import { binaryNamed } from './signatures.ts';
import { zipNames } from './xlsx/zip-file.ts';

/** What a file is, told from its first bytes; its name says nothing. */
export type Sniffed =
  | { kind: 'text'; format: 'csv' | 'ndjson' | 'json'; isGzip: boolean; encoding: string; bomBytes: number }
  | { kind: 'xlsx' }
  | { kind: 'zip' }
  | { kind: 'bundle' };

export interface SniffOptions extends UnpackBounds {
  /** A label of the Encoding Standard, for a text that is not UTF-8. A mark of order in the text goes before it. */
  encoding?: string | undefined;
}

const HEAD_BYTES = 65536;

const OFFICE = [
  ['xl/workbook.bin', 'a binary workbook (.xlsb); save it as XLSX or CSV'],
  ['META-INF/manifest.xml', 'a document of OpenDocument or a Java archive; save a table as XLSX or CSV'],
  ['word/document.xml', 'a document of Word; convert it to Markdown'],
  ['ppt/presentation.xml', 'a presentation; it holds no rows'],
] as const;

/**
 * @throws KittiwakeError `source_unsupported` naming what was found and what to do, `source_corrupt`, `encoding_invalid`
 */
export async function sniff(file: SourceFile, options: SniffOptions = {}): Promise<Sniffed> {
  const packed = await file.read(0, HEAD_BYTES);
  const isGzip = packed[0] === 0x1f && packed[1] === 0x8b;
  const head = isGzip ? await unpackedHead(file, options) : packed;
  if (head.length === 0) throw sourceUnsupported(file.name, 'it is empty');
  const found = binaryNamed(head);
  if (found === 'zip' || found === 'bundle') {
    if (found === 'bundle') return { kind: found };
    if (isGzip)
      throw sourceUnsupported(file.name, 'it is a ZIP file inside gzip; unpack it with gunzip first');
    return await zipKind(file);
  }
  if (found !== undefined) throw sourceUnsupported(file.name, found);
  const { encoding, bomBytes } = encodingOf(head, options.encoding);
  const text = await headText(file.name, head, encoding);
  return { kind: 'text', format: formatOf(text), isGzip, encoding, bomBytes };
}

/** What is packed as ZIP: other documents of an office are refused, of which nobody expects the files to be imported. */
async function zipKind(file: SourceFile): Promise<Sniffed> {
  // The names that tell are among the first of a document, and there are some dozens.
  const names = new Set(await zipNames(file, 1000));
  if (names.has('xl/workbook.xml') && names.has('[Content_Types].xml')) return { kind: 'xlsx' };
  const found = OFFICE.find(([name]) => names.has(name));
  if (found !== undefined) throw sourceUnsupported(file.name, `it is ${found[1]}`);
  return { kind: 'zip' };
}

async function unpackedHead(file: SourceFile, bounds: UnpackBounds): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const { bytes } of gunzip(file, bounds)) {
    parts.push(bytes);
    length += bytes.length;
    if (length >= HEAD_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, HEAD_BYTES);
}

function encodingOf(head: Buffer, label: string | undefined): { encoding: string; bomBytes: number } {
  const named = label === undefined ? undefined : encodingNamed(label);
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', bomBytes: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', bomBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', bomBytes: 2 };
  return { encoding: named ?? 'utf-8', bomBytes: 0 };
}

/** The beginning as a string; what is not valid is found when all of it is read. */
async function headText(source: string, head: Buffer, encoding: string): Promise<string> {
  const text = new TextDecoder(encoding).decode(head, { stream: true });
  if (text.includes('\0')) {
    const how =
      'it holds zero bytes, as no text does; a text in UTF-16 begins with a mark of order, or name its encoding';
    throw sourceUnsupported(source, how);
  }
  return text;
}

function formatOf(text: string): 'csv' | 'ndjson' | 'json' {
  const start = text.trimStart();
  if (start.startsWith('[')) return isJsonArray(start) ? 'json' : 'csv';
  return /^\{\s*["}]/.test(start) ? 'ndjson' : 'csv';
}

/** An array of objects, and not a line of text that begins with a bracket. */
function isJsonArray(text: string): boolean {
  return /^\[\s*[{\]]/.test(text);
}

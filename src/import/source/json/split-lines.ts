import { readRanges } from '../../../git/large/byte-ranges.ts';
import type { SourceFile, SourcePart } from '../../source.ts';
import type { TextPosition } from '../record-pieces.ts';

/**
 * Parts a text of lines in about equal ones. All of the file is read once to count its lines: each row has the same number however
 * the file is parted.
 * @param begin where the first line begins: behind a mark of order
 */
export async function splitLines(
  file: SourceFile,
  parts: number,
  options: { begin: TextPosition; signal?: AbortSignal | undefined },
): Promise<SourcePart[]> {
  const { begin, signal } = options;
  const starts: TextPosition[] = [begin];
  const partBytes = Math.max(1, Math.ceil((file.size - begin.at) / parts));
  let { at, row } = begin;
  for await (const bytes of readRanges((start, end) => file.read(start, end), at, file.size)) {
    signal?.throwIfAborted();
    const text = bytes.toString('latin1');
    for (let feed = text.indexOf('\n'); feed !== -1; feed = text.indexOf('\n', feed + 1)) {
      row += 1;
      const next = at + feed + 1;
      // A part begins with the first line behind its share.
      if (next >= begin.at + starts.length * partBytes && next < file.size) starts.push({ at: next, row });
    }
    at += bytes.length;
  }
  return starts.map((from, index) => ({ from, to: starts[index + 1], startBytes: from.at }));
}

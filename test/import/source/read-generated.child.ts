/** Reads a text with one huge cell that no memory holds, and says what came of it and how much memory that took. */
import { openTable } from '../../../src/import/source/open-source.ts';
import type { SourceFile } from '../../../src/import/source.ts';

const [, , head = '', filler = '', count = '0', tail = ''] = process.argv;

const { read, size } = generated(Buffer.from(head), Buffer.from(filler), Number(count), Buffer.from(tail));
const file: SourceFile = { name: 'generated', size, read };
const codes: Record<string, number> = {};
let rows = 0;
for await (const chunk of (await openTable(file)).rows()) {
  rows += chunk.rows.length;
  for (const { code, origins } of chunk.failures) {
    const known = `${code} of row ${origins[0]?.row}`;
    codes[known] = (codes[known] ?? 0) + 1;
  }
}
// `maxRSS` is in kilobytes.
process.stdout.write(JSON.stringify({ rows, codes, peakBytes: process.resourceUsage().maxRSS * 1024 }));

function generated(head: Buffer, filler: Buffer, count: number, tail: Buffer) {
  const block = Buffer.concat(Array.from({ length: Math.ceil(1_000_000 / filler.length) }, () => filler));
  const fillerBytes = filler.length * count;
  const size = head.length + fillerBytes + tail.length;
  const read = async (start: number, end: number): Promise<Buffer> => {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(end, size) - start));
    for (let at = 0; at < bytes.length; ) at += part(start + at).copy(bytes, at);
    return bytes;
  };
  const part = (at: number): Buffer => {
    if (at < head.length) return head.subarray(at);
    const within = at - head.length;
    if (within >= fillerBytes) return tail.subarray(within - fillerBytes);
    const from = within % filler.length;
    return block.subarray(from, Math.min(block.length, from + fillerBytes - within));
  };
  return { read, size };
}

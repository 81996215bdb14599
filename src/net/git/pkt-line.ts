import { remoteFailed } from '../errors.ts';

/** A line of gitprotocol-common(5); the markers between sections are those of gitprotocol-v2(5). */
export type Packet = { kind: 'data'; bytes: Buffer } | { kind: 'flush' | 'delimiter' | 'end' };

const MARKERS = { 0: 'flush', 1: 'delimiter', 2: 'end' } as const;
const MAX_PACKET_BYTES = 65_520;

/** Encodes a line of text. */
export function packet(text: string): string {
  return (Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text;
}

export const FLUSH = '0000';
export const DELIMITER = '0001';

/**
 * The packets of an answer. In memory are one of them and what came with it.
 * @param url for messages
 * @throws KittiwakeError `remote_failed` when it is none, or ends within one; what the source throws
 */
export async function* readPackets(source: AsyncIterable<Uint8Array>, url: string): AsyncGenerator<Packet> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let at = 0;
    for (;;) {
      const found = packetAt(rest, at);
      if (found === 'malformed') throw remoteFailed(url, 'its answer is not that of a git server');
      if (found === undefined) break;
      yield found.packet;
      at = found.end;
    }
    rest = rest.subarray(at);
  }
  if (rest.length > 0) throw remoteFailed(url, 'its answer is cut off');
}

/** The packet that begins at a byte, and the byte after it. Undefined: not all of it is there. */
export function packetAt(
  bytes: Buffer,
  at: number,
): { packet: Packet; end: number } | 'malformed' | undefined {
  if (at + 4 > bytes.length) return undefined;
  const text = bytes.toString('latin1', at, at + 4);
  const length = /^[0-9a-f]{4}$/i.test(text) ? Number.parseInt(text, 16) : -1;
  if (length < 0 || length === 3 || length > MAX_PACKET_BYTES) return 'malformed';
  if (length < 4) return { packet: { kind: MARKERS[length as keyof typeof MARKERS] }, end: at + 4 };
  const end = at + length;
  return end > bytes.length
    ? undefined
    : { packet: { kind: 'data', bytes: bytes.subarray(at + 4, end) }, end };
}

/** The text of a line, without its newline. */
export function textOf(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/\n$/, '');
}

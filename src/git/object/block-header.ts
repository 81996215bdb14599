import { type PrefixCodes, prefixCodes } from './huffman.ts';

/** Bits as deflate writes them, lowest first. */
export class BitWriter {
  readonly bytes: number[] = [];
  #held = 0;
  #count = 0;

  put(bits: number, count: number): void {
    this.#held |= bits << this.#count;
    this.#count += count;
    while (this.#count >= 8) {
      this.bytes.push(this.#held & 0xff);
      this.#held >>>= 8;
      this.#count -= 8;
    }
  }

  /** The bits that do not fill a byte yet. */
  get rest(): { bits: number; count: number } {
    return { bits: this.#held, count: this.#count };
  }
}

/** RFC 1951, 3.2.7: the order in which lengths of the codes for lengths are told. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const COPY = 16;
const MAX_LENGTH_CODE = 7;
const DYNAMIC_LAST = 0b101;

/** The beginning of a last block with codes of its own, up to its data. */
export function putBlockHeader(writer: BitWriter, literals: PrefixCodes, distances: PrefixCodes): void {
  const steps = runsOf([...literals.lengths, ...distances.lengths]);
  const counts = new Array<number>(ORDER.length).fill(0);
  for (const { symbol } of steps) counts[symbol] = (counts[symbol] ?? 0) + 1;
  const { lengths, codes } = prefixCodes(counts, MAX_LENGTH_CODE);
  const told = ORDER.findLastIndex(symbol => (lengths[symbol] ?? 0) > 0) + 1;
  writer.put(DYNAMIC_LAST, 3);
  writer.put(literals.lengths.length - 257, 5);
  writer.put(distances.lengths.length - 1, 5);
  writer.put(told - 4, 4);
  for (const symbol of ORDER.slice(0, told)) writer.put(lengths[symbol] ?? 0, 3);
  for (const { symbol, extra, extraBits } of steps) {
    writer.put(codes[symbol] ?? 0, lengths[symbol] ?? 0);
    writer.put(extra, extraBits);
  }
}

interface Step {
  symbol: number;
  extra: number;
  extraBits: number;
}

/** Lengths of codes one after the other, repetitions as such. All are above 0 here: each symbol has a code. */
function runsOf(lengths: readonly number[]): Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < lengths.length; ) {
    const length = lengths[at] as number;
    steps.push({ symbol: length, extra: 0, extraBits: 0 });
    at += 1;
    let same = 0;
    while (lengths[at + same] === length) same += 1;
    for (; same >= 3; ) {
      const count = Math.min(6, same);
      steps.push({ symbol: COPY, extra: count - 3, extraBits: 2 });
      at += count;
      same -= count;
    }
  }
  return steps;
}

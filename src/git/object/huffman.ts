/** Prefix codes as deflate has them: RFC 1951, 3.2.2. */
export interface PrefixCodes {
  /** By symbol: bits of its code; 0: it has none. */
  lengths: Uint8Array;
  /** By symbol: its code as it is written, lowest bit first. */
  codes: Uint16Array;
}

/**
 * Codes for symbols that come so often; those with 0 get none. Where the best codes would be longer than `maxLength`, the rarest symbols
 * are taken for less rare until they are not.
 */
export function prefixCodes(counts: ArrayLike<number>, maxLength: number): PrefixCodes {
  const weights = Array.from(counts);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let least = total >> (maxLength + 2); ; least = least * 2 + 1) {
    const lengths = codeLengths(weights.map(weight => (weight === 0 ? 0 : Math.max(weight, least))));
    if (Math.max(...lengths) <= maxLength) return { lengths, codes: codesOf(lengths) };
  }
}

interface Node {
  weight: number;
  symbols: number[];
}

/** Huffman's algorithm, plainly: it runs once for hundreds of contents. */
function codeLengths(weights: readonly number[]): Uint8Array {
  const lengths = new Uint8Array(weights.length);
  const leaves: Node[] = weights.flatMap((weight, symbol) =>
    weight > 0 ? [{ weight, symbols: [symbol] }] : [],
  );
  leaves.sort((a, b) => a.weight - b.weight);
  const merged: Node[] = [];
  if (leaves.length === 1) for (const symbol of leaves[0]?.symbols ?? []) lengths[symbol] = 1;
  const smallest = () => {
    const [leaf, node] = [leaves[0], merged[0]];
    return (leaf && (!node || leaf.weight <= node.weight) ? leaves : merged).shift() as Node;
  };
  while (leaves.length + merged.length > 1) {
    const [a, b] = [smallest(), smallest()];
    const symbols = [...a.symbols, ...b.symbols];
    for (const symbol of symbols) lengths[symbol] = (lengths[symbol] as number) + 1;
    merged.push({ weight: a.weight + b.weight, symbols });
  }
  return lengths;
}

function codesOf(lengths: Uint8Array): Uint16Array {
  const codes = new Uint16Array(lengths.length);
  let next = 0;
  for (let length = 1; length <= 15; length += 1) {
    for (let symbol = 0; symbol < lengths.length; symbol += 1)
      if (lengths[symbol] === length) codes[symbol] = reversed(next++, length);
    next <<= 1;
  }
  return codes;
}

function reversed(code: number, count: number): number {
  let bits = 0;
  for (let at = 0; at < count; at += 1) bits |= ((code >> at) & 1) << (count - 1 - at);
  return bits;
}

/** Of deflate: RFC 1951, 3.2.5. */
export const END_OF_BLOCK = 256;
export const FIRST_LENGTH = 257;
export const LITERAL_SYMBOLS = 286;
export const MAX_MATCH = 258;

/** What the symbols of lengths from {@link FIRST_LENGTH} on begin at. */
export const LENGTH_STARTS = Uint16Array.of(
  ...[
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  ],
  ...[227, 258],
);

/** The same of distances, as far as {@link MAX_DISTANCE}. */
export const DISTANCE_STARTS = Uint16Array.of(
  ...[1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073],
  ...[4097, 6145],
);
export const MAX_DISTANCE = 8_192;

/** How many bits tell where between two starts a value is. */
export const LENGTH_EXTRA = Uint8Array.from(LENGTH_STARTS, (_, symbol) =>
  symbol < 8 || symbol === 28 ? 0 : (symbol >> 2) - 1,
);
export const DISTANCE_EXTRA = Uint8Array.from(DISTANCE_STARTS, (_, symbol) =>
  symbol < 4 ? 0 : (symbol >> 1) - 1,
);

/** By length or distance: its symbol. */
export const LENGTH_SYMBOLS = symbolsOf(LENGTH_STARTS, MAX_MATCH);
export const DISTANCE_SYMBOLS = symbolsOf(DISTANCE_STARTS, MAX_DISTANCE);

function symbolsOf(starts: Uint16Array, most: number): Uint8Array {
  const symbols = new Uint8Array(most + 1);
  for (const [symbol, start] of starts.entries()) symbols.fill(symbol, start, starts[symbol + 1] ?? most + 1);
  return symbols;
}

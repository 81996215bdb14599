/** As FTS5 has them. */
const K1 = 1.2;
const B = 0.75;

/** What scores depend on besides the page: of the pages that a caller may read, as they were when the first results were given. */
export interface Weights {
  /** Pages. */
  pages: number;
  /** Words of a page on average. */
  averageWords: number;
  /** By leaf: how many pages it is on. */
  found: readonly number[];
}

/** The part of a page's score that one leaf makes (BM25, with a weight that is never below zero). */
export function leafScore(frequency: number, words: number, leaf: number, weights: Weights): number {
  const { pages, averageWords } = weights;
  const found = Math.min(weights.found[leaf] ?? 0, pages);
  const rarity = Math.log(1 + (pages - found + 0.5) / (found + 0.5));
  return rarity * saturated(frequency, words, averageWords);
}

/** What FTS5 knows of all rows of a table. */
export interface TableSize {
  rows: number;
  words: number;
}

/**
 * The weighted occurrences behind a value of FTS5's `bm25()` for one phrase. It is the only function of FTS5 that tells of
 * occurrences without reading texts; it is not used as a score, because that would depend on pages that a caller may not read.
 * @param value what `bm25()` gave
 * @param found rows of the table that the phrase is in
 * @param words of the row
 */
export function frequencyOf(
  value: number,
  found: number,
  words: number,
  { rows, words: all }: TableSize,
): number {
  const rarity = Math.log((rows - found + 0.5) / (found + 0.5));
  const part = -value / (rarity > 0 ? rarity : 1e-6);
  return Math.round((part * pivot(words, all / rows)) / (K1 + 1 - part));
}

function saturated(frequency: number, words: number, averageWords: number): number {
  return (frequency * (K1 + 1)) / (frequency + pivot(words, averageWords));
}

function pivot(words: number, averageWords: number): number {
  return K1 * (1 - B + (B * words) / (averageWords || 1));
}

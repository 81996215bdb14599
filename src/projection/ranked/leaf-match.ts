import type { Leaf } from './ranked-query.ts';
import type { PlacedWord } from './words.ts';

/** The words of a page by the columns of the index. */
export interface PageWords {
  title: readonly string[];
  heading: readonly string[];
  body: readonly string[];
}

/** How much an occurrence counts. Headings are in the body, too. */
export const COLUMN_WEIGHTS = { title: 8, heading: 3, body: 1 } as const;

const COLUMNS = ['title', 'heading', 'body'] as const;

/** The FTS5 expression of a leaf. Words are letters, digits and marks, so that nothing in them is special. */
export function leafMatch({ field, words, prefix }: Leaf): string {
  const phrase = `"${words.join(' ')}"${prefix ? ' *' : ''}`;
  return field === 'any' ? phrase : `${field} : ${phrase}`;
}

/** Weighted occurrences in a page that the index does not hold yet. */
export function frequencyIn(page: PageWords, leaf: Leaf): number {
  let frequency = 0;
  for (const column of COLUMNS) {
    if (leaf.field === 'any' || leaf.field === column)
      frequency += COLUMN_WEIGHTS[column] * countIn(page[column], leaf);
  }
  return frequency;
}

/** Where a leaf occurs, as indexes of its first words; occurrences of a phrase may overlap. */
export function* occurrences(words: readonly string[], leaf: Leaf): Generator<number> {
  const last = words.length - leaf.words.length;
  for (let at = 0; at <= last; at += 1) if (standsAt(words, at, leaf)) yield at;
}

/** The last of so many words that have been seen when a leaf ends there; undefined otherwise. */
export function endsWith(seen: readonly PlacedWord[], leaf: Leaf): PlacedWord | undefined {
  const start = seen.length - leaf.words.length;
  if (start < 0) return undefined;
  const lastIndex = leaf.words.length - 1;
  const fits = leaf.words.every((word, index) => {
    const found = seen[start + index]?.word ?? '';
    return leaf.prefix && index === lastIndex ? found.startsWith(word) : found === word;
  });
  return fits ? seen[start] : undefined;
}

function countIn(words: readonly string[], leaf: Leaf): number {
  let count = 0;
  for (const _ of occurrences(words, leaf)) count += 1;
  return count;
}

function standsAt(words: readonly string[], at: number, leaf: Leaf): boolean {
  const last = leaf.words.length - 1;
  return leaf.words.every((word, index) => {
    const found = words[at + index];
    return leaf.prefix && index === last ? found?.startsWith(word) === true : found === word;
  });
}

/** The most that a ranked search takes. */
const MAX_WORDS = 32;
const MAX_CHARACTERS = 1000;

/**
 * A ranked search for any of the words of a plain text: none of them is an operator, and none of the signs between them either.
 * @returns `''` where there is no word
 */
export function wordQuery(text: string): string {
  const words = [...new Set(text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu))].slice(0, MAX_WORDS);
  const query = (kept: readonly string[]) => kept.map(word => `"${word}"`).join(' OR ');
  while (query(words).length > MAX_CHARACTERS) words.pop();
  return query(words);
}

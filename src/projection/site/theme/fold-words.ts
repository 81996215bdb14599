/** Marks that stand above and below letters; in scripts where they are letters' equals they stay. */
const ACCENTS = /[\u0300-\u036f]/g;
const WORDS = /[\p{L}\p{M}\p{N}]+/gu;
/** Scripts that put no spaces between words: each character counts as one. */
const UNSPACED = /([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])/gu;

/**
 * The words of a text as the site's search compares them: without accents and case, in order, each once. The browser folds
 * what is typed in the same way (`client/search.js`).
 */
export function foldWords(text: string): string[] {
  const folded = text.normalize('NFKD').replace(ACCENTS, '').toLowerCase();
  return [...new Set(folded.replace(UNSPACED, ' $1 ').match(WORDS))];
}

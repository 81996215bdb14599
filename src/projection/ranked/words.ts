/** A word of a text, folded, and where it stands: offsets in UTF-16 units. */
export interface PlacedWord {
  word: string;
  start: number;
  end: number;
}

/** Of a folded word, in UTF-16 units; what is longer is cut, in pages and in queries. */
const MAX_WORD_LENGTH = 64;

const ASCII = /^[\0-\x7f]*$/;
const ASCII_WORD = /[A-Za-z0-9]+/g;

/** Of scripts that put no spaces between words each character is a word: next to each other they are a phrase. */
const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;
const ANY_WORD = new RegExp(
  String.raw`[[\p{L}\p{N}]&&[${UNSPACED}]]\p{M}*|[[\p{L}\p{N}\p{M}]--[${UNSPACED}]]+`,
  'gv',
);
const NO_WORD = /[^\p{L}\p{N}\p{M}]+/gu;

/** Accents, dots and strokes over letters of Latin, Greek, Cyrillic, Hebrew and Arabic; vowel signs of other scripts stay. */
const DIACRITICS =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: it is to match the marks alone
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+/g;

/** The words of a text in order: lower-cased, without diacritics. */
export function wordsOf(text: string): string[] {
  if (ASCII.test(text)) return (text.toLowerCase().match(ASCII_WORD) ?? []).map(cut);
  return (text.match(ANY_WORD) ?? []).map(foldWord).filter(word => word !== '');
}

/** The same with their places, found as far as they are asked for. */
export function* placedWords(text: string): Generator<PlacedWord> {
  for (const match of text.matchAll(ANY_WORD)) {
    const word = foldWord(match[0]);
    if (word !== '') yield { word, start: match.index, end: match.index + match[0].length };
  }
}

/** A whole text as filters compare it. */
export function foldText(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  const plain = text.normalize('NFKD').replace(DIACRITICS, '');
  return plain.toLowerCase().replaceAll('ς', 'σ').replace(DIACRITICS, '').normalize('NFC');
}

function foldWord(raw: string): string {
  if (ASCII.test(raw)) return cut(raw.toLowerCase());
  return cut(foldText(raw).replace(NO_WORD, ''));
}

function cut(word: string): string {
  return word.length <= MAX_WORD_LENGTH ? word : word.slice(0, MAX_WORD_LENGTH).toWellFormed();
}

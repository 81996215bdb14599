import fc from 'fast-check';
import type { ReferencePage } from './reference-search.ts';

/**
 * Characters that are special to somebody: case that depends on place or changes length, pairs of surrogates, white
 * space of one language and not of the other, FTS5's syntax, NUL, combining marks, characters that SQLite replaces.
 */
export const SPECIAL_CHARACTERS = [
  ...['İ', 'ı', 'Σ', 'σ', 'ς', 'ẞ', 'ß', 'K', 'Ω', 'Å', 'ǅ', 'Ⅷ', 'ﬁ', 'Ā', 'Ж', 'ж'],
  ...['🙂', '𝒳', '𐐀', '𐐨', '東', '京', '日', '\u0307', '\u0301', '\u00ad', '\u200d', '’', '\ufeff', '\ufffe'],
  ...[
    '\0',
    '\x1c',
    '\x85',
    '\u3000',
    '\u2028',
    '\n',
    '\r',
    '\t',
    '"',
    "'",
    '*',
    '(',
    ')',
    ':',
    '^',
    '-',
    '+',
    '%',
  ],
];

const character = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'A', 'b', 'B', 'c', 'é', 'É', '.') },
  { weight: 3, arbitrary: fc.constantFrom(' ', ' ', '\n') },
  { weight: 3, arbitrary: fc.constantFrom(...SPECIAL_CHARACTERS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
);
const text = (maxLength: number) => fc.string({ unit: character, maxLength, size: 'max' });
const path = fc
  .array(
    fc.string({
      unit: fc.constantFrom('a', 'b', '.', '-', ' ', 'é', '\uffee', '🙂'),
      minLength: 1,
      maxLength: 3,
    }),
    {
      minLength: 1,
      maxLength: 2,
    },
  )
  .map(parts => `${parts.map(part => `p${part}`).join('/')}.md`);

/** Pages of different paths; some bodies are longer than a snippet. */
export const randomPages: fc.Arbitrary<ReferencePage[]> = fc.uniqueArray(
  fc.record({ path, name: text(12), body: fc.oneof(text(40), text(600)) }),
  { minLength: 1, maxLength: 12, selector: page => page.path },
);

/** Queries that are likely to be found: parts of the pages, words next to each other, or anything. */
export function randomQuery(pages: readonly ReferencePage[]): fc.Arbitrary<string> {
  const texts = pages.flatMap(({ name, body }) => [name, body]);
  const part = fc
    .tuple(fc.constantFrom(...texts), fc.nat(), fc.integer({ min: 1, max: 8 }), fc.constantFrom(0, 1, 2))
    .map(([source, at, length, change]) => {
      const characters = [...source];
      const from = characters.length === 0 ? 0 : at % characters.length;
      const cut = characters.slice(from, from + length).join('');
      return [cut, cut.toUpperCase(), cut.toLowerCase()][change] ?? cut;
    });
  return fc
    .array(fc.oneof({ weight: 4, arbitrary: part }, { weight: 1, arbitrary: text(5) }), {
      minLength: 1,
      maxLength: 3,
    })
    .map(parts => parts.join(' '));
}

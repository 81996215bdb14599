/**
 * Title case as Python's `str.title()` has it, with Otterwiki's two exceptions: `ß` stays `ß`, and an apostrophe does
 * not end a run of letters.
 */
export function titleCase(text: string): string {
  let inRun = false;
  let result = '';
  for (const char of text) {
    result += inRun ? char.toLowerCase() : title(char);
    inRun = char === "'" || isCased(char);
  }
  return result;
}

const CASED = /\p{Cased}/u;

/**
 * Title mappings that are not the upper-case ones (Unicode 14, UnicodeData and SpecialCasing): code point, then what it
 * becomes, in hexadecimal.
 */
const TABLE =
  '1c4 1c5, 1c5 1c5, 1c6 1c5, 1c7 1c8, 1c8 1c8, 1c9 1c8, 1ca 1cb, 1cb 1cb, 1cc 1cb, 1f1 1f2, 1f2 ' +
  '1f2, 1f3 1f2, 587 535 582, 1fb2 1fba 345, 1fb3 1fbc, 1fb4 386 345, 1fb7 391 342 345, 1fbc 1fbc, ' +
  '1fc2 1fca 345, 1fc3 1fcc, 1fc4 389 345, 1fc7 397 342 345, 1fcc 1fcc, 1ff2 1ffa 345, 1ff3 1ffc, ' +
  '1ff4 38f 345, 1ff7 3a9 342 345, 1ffc 1ffc, fb00 46 66, fb01 46 69, fb02 46 6c, fb03 46 66 69, ' +
  'fb04 46 66 6c, fb05 53 74, fb06 53 74, fb13 544 576, fb14 544 565, fb15 544 56b, fb16 54e 576, ' +
  'fb17 544 56d';

const TITLE = new Map(
  TABLE.split(', ').map(row => {
    const [from = 0, ...to] = row.split(' ').map(hex => Number.parseInt(hex, 16));
    return [from, String.fromCodePoint(...to)] as const;
  }),
);

function title(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x80) return char.toUpperCase();
  if (char === 'ß') return char;
  // Georgian has upper-case letters but no title case.
  if (code >= 0x10d0 && code <= 0x10ff) return char;
  // Greek with an iota below: one code point here, two in upper case.
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCharCode(code | 8);
  return TITLE.get(code) ?? char.toUpperCase();
}

function isCased(char: string): boolean {
  return char.length === 1 && char < '\x80' ? /[a-z]/i.test(char) : CASED.test(char);
}

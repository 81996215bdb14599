import { cellText, isEmpty, isFile, isList } from '../../operator/columns.ts';
import { cellInvalid, textTooLarge } from '../../operator/errors.ts';
import type { Cell } from '../../row.ts';
import { formatDate } from './date-text.ts';
import { slug } from './slug.ts';

/** What stands behind `|` in a template. */
export interface Filter {
  /** Whether it also makes something of a column that a row does not have. */
  readonly takesMissing: boolean;
  /** @throws KittiwakeError `cell_invalid` */
  apply(cell: Cell, column: string): Cell;
}

type Given = readonly (string | number)[];
type OfText = (text: string, given: Given, column: string) => string;

/** Of a text that a template makes, in UTF-16 units. */
const MAX_TEXT_LENGTH = 32 * 1024 * 1024;
/** Of a list that is made of a text. */
const MAX_PARTS = 100_000;

interface Kind {
  /** Kinds of the arguments; those behind `needed` may be left out. */
  readonly takes: readonly ('text' | 'number')[];
  readonly needed: number;
  readonly takesMissing?: true;
  readonly apply: (cell: Cell, given: Given, column: string) => Cell;
}

const KINDS: Readonly<Record<string, Kind>> = {
  slug: ofText(slug),
  lower: ofText(text => text.toLowerCase()),
  upper: ofText(text => text.toUpperCase()),
  trim: ofText(text => text.trim()),
  replace: ofText((text, [from, to]) => replaced(text, String(from), String(to)), ['text', 'text'], 2),
  truncate: ofText((text, [length]) => truncated(text, Number(length)), ['number'], 1),
  markdown: ofText(escapeMarkdown),
  date: {
    takes: ['text'],
    needed: 0,
    apply: (cell, [format = 'YYYY-MM-DD'], column) => formatDate(cell, String(format), column),
  },
  default: {
    takes: ['text'],
    needed: 1,
    takesMissing: true,
    apply: (cell, [other]) => (isEmpty(cell) ? String(other) : cell),
  },
  join: {
    takes: ['text'],
    needed: 0,
    apply: (cell, [between = ', '], column) => (isList(cell) ? joined(cell, String(between), column) : cell),
  },
  split: {
    takes: ['text'],
    needed: 0,
    apply: (cell, [between = ','], column) => parts(cellText(cell, column), String(between), column),
  },
  json: { takes: [], needed: 0, apply: jsonText },
  // JSON is YAML, but for three characters that JSON leaves as they are and YAML takes for ends of lines.
  yaml: {
    takes: [],
    needed: 0,
    apply: (cell, given, column) =>
      jsonText(cell, given, column).replace(/[\u0085\u2028\u2029]/g, char => `\\u${hex(char)}`),
  },
};

/** @throws KittiwakeError `text_too_large` */
export function boundedText(text: string): string {
  if (text.length > MAX_TEXT_LENGTH) throw textTooLarge(MAX_TEXT_LENGTH);
  return text;
}

/** As they are written. */
export const FILTER_NAMES: readonly string[] = Object.keys(KINDS);

/** @param wrong throws, told what would be right */
export function makeFilter(name: string, given: Given, wrong: (wanted: string) => never): Filter {
  const kind = KINDS[name] as Kind;
  const fits = given.every((argument, index) => {
    const wanted = kind.takes[index];
    return wanted !== undefined && (wanted === 'number') === (typeof argument === 'number');
  });
  if (!fits || given.length < kind.needed) {
    wrong(
      `the filter ${name} must have ${kind.takes.length === 0 ? 'no argument' : `as arguments: ${kind.takes.join(', ')}`}`,
    );
  }
  return {
    takesMissing: kind.takesMissing === true,
    apply: (cell, column) => kind.apply(cell, given, column),
  };
}

function ofText(apply: OfText, takes: Kind['takes'] = [], needed = 0): Kind {
  return { takes, needed, apply: (cell, given, column) => apply(cellText(cell, column), given, column) };
}

function replaced(text: string, from: string, to: string): string {
  const pieces = from === '' ? [text] : text.split(from);
  if (text.length + pieces.length * to.length > MAX_TEXT_LENGTH) throw textTooLarge(MAX_TEXT_LENGTH);
  return pieces.join(to);
}

function joined(list: readonly Cell[], between: string, column: string): string {
  const texts = list.map(item => cellText(item, column));
  const length = texts.reduce((sum, text) => sum + text.length + between.length, 0);
  if (length > MAX_TEXT_LENGTH) throw textTooLarge(MAX_TEXT_LENGTH);
  return texts.join(between);
}

function parts(text: string, between: string, column: string): readonly string[] {
  const found = text.split(between, MAX_PARTS + 1);
  if (found.length > MAX_PARTS)
    throw cellInvalid(`column "${column}"`, `at most ${MAX_PARTS} parts, to be split`);
  return found.flatMap(part => (part.trim() === '' ? [] : [part.trim()]));
}

/** At most `length` characters; whole code points. */
function truncated(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = /[\ud800-\udbff]/.test(text[length - 1] ?? '') ? length - 1 : length;
  return text.slice(0, Math.max(0, end));
}

function jsonText(cell: Cell, _given: Given, column: string): string {
  return JSON.stringify(cell, (_key, value: Cell) => {
    if (isFile(value)) throw cellInvalid(`column "${column}"`, 'a value, and it is a file');
    return value;
  });
}

/** Text that Markdown shows as it is, also at the beginning of a line. CommonMark 0.31, section 2.4. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>|~$&#]/g, '\\$&')
    .replace(/^([ \t]*)([-+=])/gm, '$1\\$2')
    .replace(/^([ \t]*\d+)([.)])/gm, '$1\\$2');
}

function hex(char: string): string {
  return char.charCodeAt(0).toString(16).padStart(4, '0');
}

import { nameUnknown } from '../errors.ts';
import { FILTER_NAMES, type Filter, makeFilter } from './filters.ts';
import { Scanner } from './scanner.ts';

/** A part of a template. */
export type Piece =
  | { kind: 'text'; text: string }
  | Placeholder
  | { kind: 'each'; column: string; inner: readonly Piece[] }
  | { kind: 'if'; column: string; inner: readonly Piece[] };

export interface Placeholder {
  kind: 'placeholder';
  column: string;
  /** Instead of a column: text in quotes. */
  literal?: string;
  filters: readonly Filter[];
}

const MAX_DEPTH = 4;
/** Of one placeholder: those that escape make a text longer each time. */
const MAX_FILTERS = 16;

/**
 * `{{column}}`, `{{column | filter: "argument", 2 | filter}}`, `{{[column with | or }]}}`, `{{"text"}}`,
 * `{{#each list}}…{{/each}}`, `{{#if column}}…{{/if}}`. All else is text.
 * @throws KittiwakeError `pipeline_invalid`
 */
export function parseTemplate(source: string): readonly Piece[] {
  const scanner = new Scanner('template', source);
  const pieces = parsePieces(scanner, undefined, 0);
  if (!scanner.atEnd) scanner.wrong('a block that is closed must have been opened');
  return pieces;
}

function parsePieces(scanner: Scanner, block: 'each' | 'if' | undefined, depth: number): readonly Piece[] {
  const pieces: Piece[] = [];
  for (;;) {
    const open = scanner.text.indexOf('{{', scanner.index);
    const end = open < 0 ? scanner.text.length : open;
    if (end > scanner.index) pieces.push({ kind: 'text', text: scanner.text.slice(scanner.index, end) });
    scanner.index = end;
    if (open < 0) return block === undefined ? pieces : scanner.wrong(`{{/${block}}} must close its block`);
    if (closes(scanner)) return block === undefined ? pieces : closed(scanner, block, pieces);
    scanner.index += 2;
    scanner.space();
    pieces.push(scanner.take('#') ? parseBlock(scanner, depth) : parsePlaceholder(scanner));
  }
}

function closes({ text, index }: Scanner): boolean {
  let at = index + 2;
  while (text[at] === ' ') at += 1;
  return text[at] === '/';
}

function closed(scanner: Scanner, block: string, pieces: readonly Piece[]): readonly Piece[] {
  const start = scanner.index;
  const end = scanner.text.indexOf('}}', start);
  const name = scanner.text.slice(start + 2, end).trim();
  if (end < 0 || name !== `/${block}`) scanner.wrong(`{{/${block}}} must close its block`);
  scanner.index = end + 2;
  return pieces;
}

function parseBlock(scanner: Scanner, depth: number): Piece {
  const start = scanner.index;
  const kind = scanner.run(char => char >= 'a' && char <= 'z');
  if (kind !== 'each' && kind !== 'if') return scanner.wrong('a block must be #each or #if', start);
  if (depth >= MAX_DEPTH) return scanner.wrong(`blocks must be nested ${MAX_DEPTH} deep at most`, start);
  scanner.space();
  const column = parseColumn(scanner);
  endPlaceholder(scanner);
  return { kind, column, inner: parsePieces(scanner, kind, depth + 1) };
}

function parsePlaceholder(scanner: Scanner): Placeholder {
  const literal = scanner.quoted();
  const column = literal === undefined ? parseColumn(scanner) : '';
  const filters: Filter[] = [];
  scanner.space();
  while (scanner.take('|')) {
    if (filters.length === MAX_FILTERS)
      scanner.wrong(`a placeholder must have ${MAX_FILTERS} filters at most`);
    filters.push(parseFilter(scanner));
  }
  endPlaceholder(scanner);
  return { kind: 'placeholder', column, filters, ...(literal === undefined ? {} : { literal }) };
}

function endPlaceholder(scanner: Scanner): void {
  scanner.space();
  if (!scanner.take('}}')) scanner.wrong('"}}" must end the placeholder');
}

function parseColumn(scanner: Scanner): string {
  const start = scanner.index;
  const name =
    scanner.bracketed() ?? scanner.run(char => char !== '|' && char !== '}' && char !== '{').trim();
  return name === '' ? scanner.wrong('a column must be named', start) : name;
}

function parseFilter(scanner: Scanner): Filter {
  scanner.space();
  const start = scanner.index;
  const name = scanner.run(char => (char >= 'a' && char <= 'z') || char === '-');
  if (!FILTER_NAMES.includes(name)) scanner.wrong(nameUnknown('filter', name, FILTER_NAMES), start);
  const given: (string | number)[] = [];
  scanner.space();
  if (scanner.take(':')) {
    do {
      scanner.space();
      given.push(
        scanner.quoted() ??
          scanner.number() ??
          scanner.wrong('an argument must be text in quotes or a number'),
      );
      scanner.space();
    } while (scanner.take(','));
  }
  return makeFilter(name, given, wanted => scanner.wrong(wanted, start));
}

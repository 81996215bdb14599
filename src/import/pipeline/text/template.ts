import { cellText, columnReader, isEmpty, isFile, isList, type Values } from '../../operator/columns.ts';
import { cellInvalid, columnMissing } from '../../operator/errors.ts';
import type { Cell } from '../../row.ts';
import { boundedText } from './filters.ts';
import { type Piece, type Placeholder, parseTemplate } from './parse-template.ts';

/** A text with `{{column | filter}}` in it, ready to be filled in from rows. */
export interface Template {
  /** The columns that it names outside of `{{#each}}`. */
  readonly columns: readonly string[];
  /** @throws KittiwakeError `column_missing`, `cell_invalid`, `text_too_large` */
  text(values: Values): string;
  /** The same, but a template of nothing but `{{column}}` gives the cell as it is. */
  cell(values: Values): Cell;
}

/** @throws KittiwakeError `pipeline_invalid` */
export function compileTemplate(source: string): Template {
  const pieces = parseTemplate(source);
  const turns = new Turns();
  const fill = compilePieces(pieces, turns);
  const text = pieces.some(({ kind }) => kind === 'each' || kind === 'if')
    ? (values: Values) => {
        turns.begin();
        return fill(values);
      }
    : fill;
  const [only] = pieces;
  const cell = pieces.length === 1 && only?.kind === 'placeholder' ? compilePlaceholder(only) : undefined;
  return { columns: columnsOf(pieces), text, cell: cell ?? text };
}

type Fill = (values: Values) => string;

/** Columns that the loops of one text may go through, items times columns: some in each other multiply, also where they make no text. */
const MAX_LOOPED = 20_000_000;

/** Counts what loops do for one text. */
class Turns {
  #left = 0;

  begin(): void {
    this.#left = MAX_LOOPED;
  }

  /** @throws KittiwakeError `cell_invalid` */
  take(columns: number, column: string): void {
    this.#left -= columns;
    if (this.#left < 0)
      throw cellInvalid(`column "${column}"`, 'a shorter list, as loops in loops go through it too often');
  }
}

function compilePieces(pieces: readonly Piece[], turns: Turns): Fill {
  const fills = pieces.map(piece => compilePiece(piece, turns));
  const [first, second] = fills;
  if (first === undefined) return () => '';
  if (second === undefined) return first;
  return values => {
    let text = '';
    for (const fill of fills) text = boundedText(text + fill(values));
    return text;
  };
}

function compilePiece(piece: Piece, turns: Turns): Fill {
  if (piece.kind === 'text') return () => piece.text;
  if (piece.kind === 'each') return compileEach(piece, turns);
  if (piece.kind === 'if') return compileIf(piece, turns);
  const read = compilePlaceholder(piece);
  const { column } = piece;
  return values => {
    const cell = read(values);
    return typeof cell === 'string' ? cell : cellText(cell, column);
  };
}

function compilePlaceholder({ column, literal, filters }: Placeholder): (values: Values) => Cell {
  const read = literal === undefined ? columnReader(column) : () => literal;
  return values => {
    let cell = read(values);
    for (const filter of filters) {
      if (cell === undefined && !filter.takesMissing) break;
      cell = filter.apply(cell as Cell, column);
      if (typeof cell === 'string') boundedText(cell);
    }
    if (cell === undefined) throw columnMissing(column, Object.keys(values));
    return cell;
  };
}

function compileIf({ column, inner }: Piece & { kind: 'if' }, turns: Turns): Fill {
  const read = columnReader(column);
  const fill = compilePieces(inner, turns);
  return values => {
    const cell = read(values);
    const isSet = !isEmpty(cell) && cell !== false && !(isList(cell) && cell.length === 0);
    return isSet ? fill(values) : '';
  };
}

/** In it a row's columns are those of the item, then those around it; `.` is the item itself. */
function compileEach({ column, inner }: Piece & { kind: 'each' }, turns: Turns): Fill {
  const read = columnReader(column);
  const fill = compilePieces(inner, turns);
  return values => {
    const list = read(values);
    if (list === undefined) throw columnMissing(column, Object.keys(values));
    if (!isList(list)) throw cellInvalid(`column "${column}"`, 'a list, to be gone through with #each');
    const columns = Object.keys(values).length + 1;
    let text = '';
    for (const item of list) {
      turns.take(columns, column);
      const own =
        typeof item === 'object' && item !== null && !isList(item) && !isFile(item) ? item : undefined;
      text = boundedText(text + fill({ ...values, ...own, '.': item }));
    }
    return text;
  };
}

function columnsOf(pieces: readonly Piece[]): readonly string[] {
  const named = pieces.flatMap(piece => {
    if (piece.kind === 'text' || piece.kind === 'if') return [];
    if (piece.kind === 'each') return [piece.column];
    const isOptional = piece.literal !== undefined || piece.filters.some(filter => filter.takesMissing);
    return isOptional ? [] : [piece.column];
  });
  return [...new Set(named)];
}

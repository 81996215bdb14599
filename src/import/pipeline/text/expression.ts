import { columnReader, isEmpty, isFile, isList, type Values } from '../../operator/columns.ts';
import { cellInvalid, columnMissing } from '../../operator/errors.ts';
import type { Cell } from '../../row.ts';
import { type Comparison, parseExpression, type Test, type Value } from './parse-expression.ts';

/** In UTF-16 units. */
const MAX_SEARCHED_LENGTH = 1024 * 1024;

/** A condition on a row, ready to be asked. */
export interface Expression {
  /** The columns that it names, but for those asked whether they are empty or given another value. */
  readonly columns: readonly string[];
  /** @throws KittiwakeError `column_missing`, `cell_invalid` */
  passes(values: Values): boolean;
}

/**
 * Compiles a condition; {@link parseExpression} says what one looks like. Text against a number is compared as a number, and is never
 * equal, less or more where it is none; other text by its UTF-16 units, case included.
 * @throws KittiwakeError `pipeline_invalid`
 */
export function compileExpression(source: string): Expression {
  const test = parseExpression(source);
  const columns = new Set<string>();
  return { passes: compileTest(test, columns), columns: [...columns] };
}

type Passes = (values: Values) => boolean;
type Read = (values: Values) => Cell | undefined;

function compileTest(test: Test, columns: Set<string>): Passes {
  switch (test.kind) {
    case 'constant':
      return () => test.value;
    case 'not': {
      const inner = compileTest(test.test, columns);
      return values => !inner(values);
    }
    case 'and':
    case 'or': {
      const left = compileTest(test.left, columns);
      const right = compileTest(test.right, columns);
      return test.kind === 'and'
        ? values => left(values) && right(values)
        : values => left(values) || right(values);
    }
    case 'empty': {
      const read = compileValue(test.value, new Set());
      return values => isNothing(read(values));
    }
    case 'matches': {
      const read = needed(test.value, columns);
      return values => test.pattern(searched(textOf(read(values))));
    }
    case 'in': {
      const read = needed(test.value, columns);
      return values => {
        const cell = read(values);
        return test.list.some(one => equals(cell, one));
      };
    }
    case 'compare':
      return compileComparison(test, columns);
  }
}

function compileComparison(
  { operator, left, right }: Test & { kind: 'compare' },
  columns: Set<string>,
): Passes {
  const [a, b] = [needed(left, columns), needed(right, columns)];
  const holds = COMPARISONS[operator];
  return values => holds(a(values), b(values));
}

const COMPARISONS: Readonly<Record<Comparison, (a: Cell, b: Cell) => boolean>> = {
  '==': equals,
  '!=': (a, b) => !equals(a, b),
  '<': (a, b) => ordered(a, b, order => order < 0),
  '<=': (a, b) => ordered(a, b, order => order <= 0),
  '>': (a, b) => ordered(a, b, order => order > 0),
  '>=': (a, b) => ordered(a, b, order => order >= 0),
  contains,
};

function equals(a: Cell, b: Cell): boolean {
  if (typeof a === 'number' || typeof b === 'number') return numberOf(a) === numberOf(b);
  if (isEmpty(a) || isEmpty(b)) return isEmpty(a) && isEmpty(b);
  return typeof a === typeof b && typeof a !== 'object' ? a === b : textOf(a) === textOf(b);
}

function ordered(a: Cell, b: Cell, holds: (order: number) => boolean): boolean {
  if (typeof a === 'number' || typeof b === 'number') {
    const order = numberOf(a) - numberOf(b);
    return !Number.isNaN(order) && holds(order);
  }
  if (isEmpty(a) || isEmpty(b)) return false;
  const [left, right] = [textOf(a), textOf(b)];
  return holds(left < right ? -1 : left > right ? 1 : 0);
}

/** Of text: a part of it; of a list: an item. */
function contains(a: Cell, b: Cell): boolean {
  return isList(a) ? a.some(item => equals(item, b)) : textOf(a).includes(textOf(b));
}

/** Not a number for all that is none; equal to nothing then. */
function numberOf(cell: Cell): number {
  if (typeof cell === 'number') return cell;
  return typeof cell === 'string' && cell.trim() !== '' ? Number(cell) : Number.NaN;
}

function textOf(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  if (cell === null) return '';
  if (isFile(cell)) throw cellInvalid('a file in a filter', 'text');
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

function searched(text: string): string {
  if (text.length <= MAX_SEARCHED_LENGTH) return text;
  throw cellInvalid('what "matches" looks at', `at most ${MAX_SEARCHED_LENGTH} characters`);
}

function isNothing(cell: Cell | undefined): boolean {
  return isEmpty(cell) || (isList(cell) && cell.length === 0);
}

function needed(value: Value, columns: Set<string>): (values: Values) => Cell {
  const read = compileValue(value, columns);
  return values => {
    const cell = read(values);
    if (cell === undefined) throw columnMissing(nameOf(value), Object.keys(values));
    return cell;
  };
}

function compileValue(value: Value, columns: Set<string>): Read {
  switch (value.kind) {
    case 'literal':
      return () => value.value;
    case 'column':
      columns.add(value.name);
      return columnReader(value.name);
    case 'default': {
      const read = compileValue(value.value, new Set());
      return values => {
        const cell = read(values);
        return isEmpty(cell) ? value.other : cell;
      };
    }
    case 'call': {
      const read = needed(value.value, columns);
      return values => FUNCTIONS[value.name](read(values));
    }
  }
}

const FUNCTIONS: Readonly<Record<'lower' | 'upper' | 'trim' | 'length', (cell: Cell) => Cell>> = {
  lower: cell => textOf(cell).toLowerCase(),
  upper: cell => textOf(cell).toUpperCase(),
  trim: cell => textOf(cell).trim(),
  length: cell => (isList(cell) ? cell.length : textOf(cell).length),
};

function nameOf(value: Value): string {
  if (value.kind === 'column') return value.name;
  return value.kind === 'literal' ? '' : nameOf(value.value);
}

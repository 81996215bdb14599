import { nameUnknown } from '../errors.ts';
import { compilePattern } from './pattern.ts';
import { Scanner } from './scanner.ts';

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'contains';

/** True or false. */
export type Test =
  | { kind: 'constant'; value: boolean }
  | { kind: 'not'; test: Test }
  | { kind: 'and' | 'or'; left: Test; right: Test }
  | { kind: 'empty'; value: Value }
  | { kind: 'matches'; value: Value; pattern: (text: string) => boolean }
  | { kind: 'in'; value: Value; list: readonly Literal[] }
  | { kind: 'compare'; operator: Comparison; left: Value; right: Value };

/** A cell. */
export type Value =
  | { kind: 'literal'; value: Literal }
  | { kind: 'column'; name: string }
  | { kind: 'default'; value: Value; other: Literal }
  | { kind: 'call'; name: 'lower' | 'upper' | 'trim' | 'length'; value: Value };

type Literal = string | number | boolean | null;

const FUNCTIONS = ['empty', 'default', 'lower', 'upper', 'trim', 'length'];
const CONSTANTS = new Map<string, Literal>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const COMPARISONS: readonly Comparison[] = ['==', '!=', '<=', '>=', '<', '>'];
const MAX_DEPTH = 32;
const MAX_LENGTH = 10_000;

/**
 * ```
 * test  = test "or" test | test "and" test | "not" test | "(" test ")" | "empty" "(" value ")"
 *       | value ("==" | "!=" | "<" | "<=" | ">" | ">=" | "contains") value
 *       | value "matches" text | value "in" "(" literal, … ")"
 * value = column | "[" any name "]" | literal | ("lower" | "upper" | "trim" | "length") "(" value ")"
 *       | "default" "(" value "," literal ")"
 * literal = text in quotes of either kind | number | true | false | null
 * ```
 * `or` binds least, then `and`, then `not`.
 * @throws KittiwakeError `pipeline_invalid`
 */
export function parseExpression(source: string): Test {
  const scanner = new Scanner('filter', source);
  if (source.length > MAX_LENGTH) scanner.wrong(`it must have ${MAX_LENGTH} characters at most`, MAX_LENGTH);
  const test = parseOr(scanner, 0);
  scanner.space();
  return scanner.atEnd ? test : scanner.wrong('"and", "or" or its end must follow');
}

function parseOr(scanner: Scanner, depth: number): Test {
  if (depth > MAX_DEPTH) scanner.wrong(`parentheses must be nested ${MAX_DEPTH} deep at most`);
  let left = parseAnd(scanner, depth);
  while (takeWord(scanner, 'or')) left = { kind: 'or', left, right: parseAnd(scanner, depth) };
  return left;
}

function parseAnd(scanner: Scanner, depth: number): Test {
  let left = parseNot(scanner, depth);
  while (takeWord(scanner, 'and')) left = { kind: 'and', left, right: parseNot(scanner, depth) };
  return left;
}

function parseNot(scanner: Scanner, depth: number): Test {
  if (takeWord(scanner, 'not')) {
    if (depth > MAX_DEPTH) scanner.wrong(`"not" must be nested ${MAX_DEPTH} deep at most`);
    return { kind: 'not', test: parseNot(scanner, depth + 1) };
  }
  scanner.space();
  if (!scanner.take('(')) return parseTest(scanner, depth);
  const test = parseOr(scanner, depth + 1);
  scanner.space();
  return scanner.take(')') ? test : scanner.wrong('")" must follow');
}

function parseTest(scanner: Scanner, depth: number): Test {
  scanner.space();
  const start = scanner.index;
  if (takeCall(scanner, 'empty'))
    return { kind: 'empty', value: endCall(scanner, parseValue(scanner, depth)) };
  const left = parseValue(scanner, depth);
  scanner.space();
  const operator =
    COMPARISONS.find(one => scanner.take(one)) ?? (takeWord(scanner, 'contains') ? 'contains' : undefined);
  if (operator !== undefined) return { kind: 'compare', operator, left, right: parseValue(scanner, depth) };
  if (takeWord(scanner, 'matches')) return { kind: 'matches', value: left, pattern: parsePattern(scanner) };
  if (takeWord(scanner, 'in')) return { kind: 'in', value: left, list: parseList(scanner) };
  if (left.kind === 'literal' && typeof left.value === 'boolean')
    return { kind: 'constant', value: left.value };
  return scanner.wrong('a comparison must follow, such as == "yes"', Math.max(start, scanner.index));
}

function parsePattern(scanner: Scanner): (text: string) => boolean {
  scanner.space();
  const start = scanner.index;
  const source = scanner.quoted() ?? scanner.wrong('a pattern in quotes must follow');
  return compilePattern(source, wanted => scanner.wrong(wanted, start));
}

function parseList(scanner: Scanner): readonly Literal[] {
  scanner.space();
  if (!scanner.take('(')) scanner.wrong('"(" must follow');
  const list: Literal[] = [];
  do list.push(parseLiteral(scanner));
  while (takeToken(scanner, ','));
  return takeToken(scanner, ')') ? list : scanner.wrong('")" must follow');
}

function parseValue(scanner: Scanner, depth: number): Value {
  if (depth > MAX_DEPTH) scanner.wrong(`functions must be nested ${MAX_DEPTH} deep at most`);
  scanner.space();
  for (const name of ['lower', 'upper', 'trim', 'length'] as const) {
    if (takeCall(scanner, name)) {
      return { kind: 'call', name, value: endCall(scanner, parseValue(scanner, depth + 1)) };
    }
  }
  if (takeCall(scanner, 'default')) {
    const value = parseValue(scanner, depth + 1);
    if (!takeToken(scanner, ',')) scanner.wrong('"," and another value must follow');
    return endCall(scanner, { kind: 'default', value, other: parseLiteral(scanner) });
  }
  const literal = takeLiteral(scanner);
  if (literal !== undefined) return { kind: 'literal', value: literal };
  return { kind: 'column', name: parseColumn(scanner) };
}

function parseColumn(scanner: Scanner): string {
  const bracketed = scanner.bracketed();
  if (bracketed !== undefined) return bracketed;
  const start = scanner.index;
  const name = scanner.run(isNamePart);
  if (name === '') return scanner.wrong('a column, a text in quotes or a number must stand here');
  if (scanner.text[scanner.index] === '(')
    return scanner.wrong(nameUnknown('function', name, FUNCTIONS), start);
  return name;
}

function parseLiteral(scanner: Scanner): Literal {
  scanner.space();
  const literal = takeLiteral(scanner);
  return literal === undefined ? scanner.wrong('a text in quotes or a number must stand here') : literal;
}

function takeLiteral(scanner: Scanner): Literal | undefined {
  for (const [word, value] of CONSTANTS) if (takeWord(scanner, word)) return value;
  return scanner.quoted() ?? scanner.number();
}

function takeCall(scanner: Scanner, name: string): boolean {
  const start = scanner.index;
  if (takeWord(scanner, name) && takeToken(scanner, '(')) return true;
  scanner.index = start;
  return false;
}

function endCall(scanner: Scanner, value: Value): Value {
  return takeToken(scanner, ')') ? value : scanner.wrong('")" must follow');
}

function takeToken(scanner: Scanner, token: string): boolean {
  scanner.space();
  return scanner.take(token);
}

/** Takes a word that no letter follows. */
function takeWord(scanner: Scanner, word: string): boolean {
  scanner.space();
  const next = scanner.text[scanner.index + word.length] ?? '';
  return !isNamePart(next) && scanner.take(word);
}

function isNamePart(char: string): boolean {
  return char !== '' && /[\p{L}\p{N}_.-]/u.test(char);
}

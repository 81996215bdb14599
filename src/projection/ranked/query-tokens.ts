import { queryNotUnderstood } from '../errors.ts';

/** A piece of a query with the place where it begins: from 1, in code points. */
export type QueryToken =
  | { kind: 'open' | 'close' | 'and' | 'or' | 'not' | 'minus'; at: number }
  | { kind: 'text'; at: number; field: string | undefined; text: string; quoted: boolean; prefix: boolean };

const OPERATORS = { AND: 'and', OR: 'or', NOT: 'not' } as const;
const SPACE = /\s+/y;
const FIELD = /([A-Za-z]+):(?!\/\/)/y;
const WORD = /[^\s()"]+/y;

/**
 * Cuts a query into pieces.
 * @throws KittiwakeError `query_invalid`
 */
export function queryTokens(text: string): QueryToken[] {
  const tokens: QueryToken[] = [];
  for (let at = 0; at < text.length; ) {
    const space = matchAt(SPACE, text, at);
    if (space) {
      at += space[0].length;
      continue;
    }
    const { token, end } = tokenAt(text, at);
    tokens.push(token);
    at = end;
  }
  return tokens;
}

/** The place of an offset as people count. */
export function placeOf(text: string, offset: number): number {
  return [...text.slice(0, offset)].length + 1;
}

function tokenAt(text: string, start: number): { token: QueryToken; end: number } {
  const at = placeOf(text, start);
  const character = text.charAt(start);
  if (character === '(') return { token: { kind: 'open', at }, end: start + 1 };
  if (character === ')') return { token: { kind: 'close', at }, end: start + 1 };
  if (character === '-' && /[^\s)-]/.test(text.charAt(start + 1)))
    return { token: { kind: 'minus', at }, end: start + 1 };
  const operator = matchAt(WORD, text, start)?.[0] ?? '';
  if (isOperator(operator)) return { token: { kind: OPERATORS[operator], at }, end: start + operator.length };
  const field = matchAt(FIELD, text, start);
  return textAt(text, start, field);
}

function isOperator(word: string): word is keyof typeof OPERATORS {
  return Object.hasOwn(OPERATORS, word);
}

function textAt(
  text: string,
  start: number,
  field: RegExpExecArray | undefined,
): { token: QueryToken; end: number } {
  const valueStart = start + (field?.[0].length ?? 0);
  const quoted = text.charAt(valueStart) === '"';
  const end = quoted ? phraseEnd(text, valueStart) : valueStart + wordLength(text, valueStart);
  const value = text.slice(quoted ? valueStart + 1 : valueStart, quoted ? end - 1 : end);
  const at = placeOf(text, start);
  const name = field?.[1]?.toLowerCase();
  if (field && value === '' && !quoted) {
    throw queryNotUnderstood(
      placeOf(text, valueStart),
      `a word or a phrase in quotes must follow "${field[0]}"`,
    );
  }
  const starred = quoted ? text.charAt(end) === '*' : value.endsWith('*');
  const word = starred && !quoted ? value.slice(0, -1) : value;
  if (!quoted && word.includes('*')) {
    const place = placeOf(text, valueStart + word.indexOf('*'));
    throw queryNotUnderstood(
      place,
      'a "*" may only end a word; put the word in quotes to search for what it says',
    );
  }
  const token = { kind: 'text', at, field: name, text: word, quoted, prefix: starred } as const;
  return { token, end: end + (quoted && starred ? 1 : 0) };
}

function phraseEnd(text: string, start: number): number {
  const close = text.indexOf('"', start + 1);
  if (close < 0)
    throw queryNotUnderstood(placeOf(text, start), 'the phrase that begins here needs a closing quote');
  return close + 1;
}

function wordLength(text: string, start: number): number {
  return matchAt(WORD, text, start)?.[0].length ?? 0;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

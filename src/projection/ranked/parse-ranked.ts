import { nearest } from '../../core/nearest.ts';
import { strip } from '../../wiki/name/python-text.ts';
import { queryNotUnderstood, queryRequired, queryTooLong } from '../errors.ts';
import { countCodePoints, MAX_QUERY_CHARACTERS } from '../search-query.ts';
import { placeOf, type QueryToken, queryTokens } from './query-tokens.ts';
import type { Leaf, QueryNode, RankedQuery } from './ranked-query.ts';
import { foldText, wordsOf } from './words.ts';

/** Words, phrases and filters of one query. */
export const MAX_CLAUSES = 32;
const MAX_DEPTH = 16;
const MAX_PHRASE_WORDS = 64;
/** Of a beginning: every word that begins so is looked up. Characters of scripts without spaces are words. */
const MIN_PREFIX = 2;

const TEXT_FIELDS = ['title', 'heading'] as const;
const FILTER_FIELDS = ['path', 'tag', 'category'] as const;
const FIELDS: readonly string[] = [...TEXT_FIELDS, ...FILTER_FIELDS];

/**
 * Reads a query: words and "phrases", all of which must occur unless OR stands between them; `-` or NOT excludes; `wor*` begins a
 * word; `title:`, `heading:`, `path:`, `tag:` and `category:` restrict; parentheses group.
 * @throws KittiwakeError `query_required`, `query_too_long`, `query_invalid`
 */
export function parseRanked(request: string): RankedQuery {
  const text = strip(request.toWellFormed());
  if (text === '') throw queryRequired();
  const characters = countCodePoints(text);
  if (characters > MAX_QUERY_CHARACTERS) throw queryTooLong('characters', characters, MAX_QUERY_CHARACTERS);
  const tokens = queryTokens(text);
  const clauses = tokens.filter(({ kind }) => kind === 'text').length;
  if (clauses > MAX_CLAUSES) throw queryTooLong('terms', clauses, MAX_CLAUSES);
  const parser = new Parser(tokens, placeOf(text, text.length));
  const root = parser.whole();
  if (root === undefined) throw queryNotUnderstood(1, 'it holds no letter or digit to search for');
  return { text, root, leaves: parser.leaves };
}

/** By recursive descent. Parts without a letter or digit are left out: undefined. */
class Parser {
  readonly leaves: Leaf[] = [];
  readonly #tokens: readonly QueryToken[];
  readonly #end: number;
  readonly #known = new Map<string, number>();
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly QueryToken[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  whole(): QueryNode | undefined {
    const node = this.#or();
    const rest = this.#tokens[this.#at];
    if (rest) throw queryNotUnderstood(rest.at, 'this ")" closes nothing; put it in quotes or leave it out');
    return node;
  }

  #or(): QueryNode | undefined {
    const parts = [this.#and()];
    while (this.#takes('or')) parts.push(this.#and());
    return joined('or', parts);
  }

  #and(): QueryNode | undefined {
    const parts = [this.#unary()];
    for (;;) {
      const next = this.#tokens[this.#at]?.kind;
      if (next === undefined || next === 'or' || next === 'close') break;
      if (next === 'and') this.#at += 1;
      parts.push(this.#unary());
    }
    return joined('and', parts);
  }

  #unary(): QueryNode | undefined {
    if (!this.#takes('minus') && !this.#takes('not')) return this.#primary();
    const part = this.#nested(() => this.#unary());
    return part && { kind: 'not', part };
  }

  #primary(): QueryNode | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind === 'text') {
      this.#at += 1;
      return this.#clause(token);
    }
    if (token?.kind !== 'open') {
      throw queryNotUnderstood(
        token?.at ?? this.#end,
        'a word, a phrase in quotes or "(" must stand here; put AND, OR and NOT in quotes to search for them',
      );
    }
    this.#at += 1;
    const inner = this.#nested(() => this.#or());
    if (!this.#takes('close')) throw queryNotUnderstood(token.at, 'the "(" here needs a ")"');
    return inner;
  }

  #nested(read: () => QueryNode | undefined): QueryNode | undefined {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) {
      const at = this.#tokens[this.#at]?.at ?? this.#end;
      throw queryNotUnderstood(at, `it is nested deeper than ${MAX_DEPTH} levels`);
    }
    const node = read();
    this.#depth -= 1;
    return node;
  }

  #takes(kind: QueryToken['kind']): boolean {
    if (this.#tokens[this.#at]?.kind !== kind) return false;
    this.#at += 1;
    return true;
  }

  #clause(token: TextToken): QueryNode | undefined {
    const { field, text, prefix } = token;
    if (isOneOf(FILTER_FIELDS, field)) {
      const value = foldText(strip(field === 'path' ? text.replace(/^\/+/, '') : text));
      if (value === '' && !prefix) throw queryNotUnderstood(token.at, `the value of "${field}:" is empty`);
      return { kind: 'filter', filter: { field, value, prefix } };
    }
    if (field !== undefined && !isOneOf(TEXT_FIELDS, field)) throw fieldUnknown(token, field);
    const words = wordsOf(text);
    if (words.length === 0) return undefined;
    checkWords(token, words);
    return { kind: 'leaf', index: this.#leaf({ field: field ?? 'any', words, prefix }) };
  }

  #leaf(leaf: Leaf): number {
    const key = JSON.stringify(leaf);
    const known = this.#known.get(key) ?? this.leaves.push(leaf) - 1;
    this.#known.set(key, known);
    return known;
  }
}

type TextToken = Extract<QueryToken, { kind: 'text' }>;

function joined(kind: 'and' | 'or', all: readonly (QueryNode | undefined)[]): QueryNode | undefined {
  const parts = all.filter(part => part !== undefined);
  return parts.length > 1 ? { kind, parts } : parts[0];
}

function isOneOf<T extends string>(names: readonly T[], name: string | undefined): name is T {
  return names.some(each => each === name);
}

function fieldUnknown({ at }: TextToken, field: string) {
  const near = nearest(field, FIELDS);
  const hint = near === undefined ? ';' : `, did you mean "${near}:"?`;
  return queryNotUnderstood(
    at,
    `there is no field "${field}"${hint} there are ${FIELDS.join(', ')}, and a word in quotes is searched for as it is`,
  );
}

function checkWords({ at, prefix }: TextToken, words: readonly string[]): void {
  if (words.length > MAX_PHRASE_WORDS) {
    throw queryNotUnderstood(at, `this phrase has ${words.length} words, the limit is ${MAX_PHRASE_WORDS}`);
  }
  const last = words.at(-1) ?? '';
  if (prefix && last.length < MIN_PREFIX && /^[\0-\u024f]*$/.test(last)) {
    throw queryNotUnderstood(at, `a beginning needs ${MIN_PREFIX} characters before the "*"`);
  }
}

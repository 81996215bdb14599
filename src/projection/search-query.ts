import { isSpace, strip } from '../wiki/name/python-text.ts';
import { queryRequired, queryTooLong } from './errors.ts';

/** In code points. */
export const MAX_QUERY_CHARACTERS = 1_000;
export const MAX_QUERY_TERMS = 100;

/** A query as scoring needs it. */
export interface SearchQuery {
  /** As asked for, without white space around it. */
  text: string;
  /** The whole query, lower-cased. */
  whole: string;
  /** Lower-cased, in order, repeated ones included; at least one. */
  terms: readonly string[];
}

/**
 * Reads a query as Python's `q.strip().lower().split()` does.
 * @throws KittiwakeError `query_required`, `query_too_long`
 */
export function parseQuery(request: string): SearchQuery {
  const text = strip(request.toWellFormed());
  if (text === '') throw queryRequired();
  const characters = countCodePoints(text);
  if (characters > MAX_QUERY_CHARACTERS) throw queryTooLong('characters', characters, MAX_QUERY_CHARACTERS);
  const whole = text.toLowerCase();
  const terms = splitWords(whole);
  if (terms.length > MAX_QUERY_TERMS) throw queryTooLong('terms', terms.length, MAX_QUERY_TERMS);
  return { text, whole, terms };
}

/** `str.split()`. */
function splitWords(text: string): string[] {
  const words: string[] = [];
  let start = -1;
  for (let at = 0; at <= text.length; at += 1) {
    const inWord = at < text.length && !isSpace(text.charCodeAt(at));
    if (inWord && start < 0) start = at;
    if (!inWord && start >= 0) {
      words.push(text.slice(start, at));
      start = -1;
    }
  }
  return words;
}

/** `len()` of a string without lone surrogates. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

import { strip } from '../wiki/name/python-text.ts';
import type { SearchQuery } from './search-query.ts';

/** In code points. */
const BEFORE = 50;
const AFTER = 150;

/** What becomes two characters in lower case: I with a dot. All others keep their length, in UTF-16 too. */
const DOTTED_I = '\u0130';

/**
 * The text around the first match, as section 10 of the API contract says: of the whole query, else of its first term.
 * @param folded `body` in lower case
 */
export function snippetOf(query: SearchQuery, body: string, folded: string): string {
  const found = findFirst(query, folded);
  if (!found) return '';
  const matchStart = unfold(body, folded, found.at);
  const matchEnd = unfold(body, folded, found.at + found.length);
  const start = back(body, matchStart, BEFORE);
  const end = forward(body, matchEnd, AFTER);
  const text = strip(body.slice(start, end));
  return detach(`${start > 0 ? '...' : ''}${text}${end < body.length ? '...' : ''}`);
}

function findFirst(query: SearchQuery, folded: string): { at: number; length: number } | undefined {
  for (const sought of [query.whole, query.terms[0] ?? query.whole]) {
    const at = folded.indexOf(sought);
    if (at >= 0) return { at, length: sought.length };
  }
  return undefined;
}

/** The place in the text of a place in its lower-cased form; of the middle of a character: where it begins. */
function unfold(body: string, folded: string, place: number): number {
  if (body.length === folded.length) return place;
  let longer = 0;
  let at = body.indexOf(DOTTED_I);
  while (at >= 0 && at + longer < place) {
    longer += 1;
    at = body.indexOf(DOTTED_I, at + 1);
  }
  return place - longer;
}

/** `count` code points before a place. */
function back(text: string, place: number, count: number): number {
  let at = place;
  for (let left = count; left > 0 && at > 0; left -= 1) at -= isLow(text, at - 1) ? 2 : 1;
  return at;
}

/** `count` code points after a place. */
function forward(text: string, place: number, count: number): number {
  let at = place;
  for (let left = count; left > 0 && at < text.length; left -= 1) at += isLow(text, at + 1) ? 2 : 1;
  return at;
}

function isLow(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** A copy that does not keep the page in memory, as a slice of its text would. */
function detach(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

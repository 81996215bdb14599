import type { SearchQuery } from './search-query.ts';

/**
 * The score of a page, as section 10 of the API contract says. `name` and `body` are lower-cased.
 * @returns undefined when nothing of the query is in it
 */
export function scorePage(query: SearchQuery, name: string, body: string): number | undefined {
  const count = query.terms.length;
  const title = titlePoints(query, name);
  const text = bodyPoints(query, body);
  if (title === 0 && text === 0) return undefined;
  return roundToCents(Math.min(1, (3 * title + text) / (4 * count)));
}

/**
 * `round(value, 2)` as Python does it: to the nearest hundredth of the exact binary value, halves to the even one.
 * For values from 0 to 1. `toFixed` is exact too, but takes the larger one on a tie; a binary fraction can lie halfway
 * between two hundredths only at odd eighths.
 */
export function roundToCents(value: number): number {
  const eighths = value * 8;
  if (!Number.isInteger(eighths) || eighths % 2 === 0) return Number(value.toFixed(2));
  const below = Math.floor(value * 100);
  return (below % 2 === 0 ? below : below + 1) / 100;
}

function titlePoints({ terms, whole }: SearchQuery, name: string): number {
  let points = name.includes(whole) ? terms.length : 0;
  for (const term of terms) if (name.includes(term)) points += 1;
  return points;
}

/** Stops at the most that the score takes account of: two for each term. */
function bodyPoints({ terms, whole }: SearchQuery, body: string): number {
  const most = 2 * terms.length;
  let points = 0;
  for (const term of terms) {
    points += occurrences(body, term, most - points);
    if (points >= most) return most;
  }
  if (points === 0) return 0;
  return Math.min(most, points + (body.includes(whole) ? terms.length : 0));
}

/** `str.count()`: occurrences that do not overlap, no more than `most`. */
function occurrences(text: string, term: string, most: number): number {
  let count = 0;
  let at = text.indexOf(term);
  while (at >= 0 && count < most) {
    count += 1;
    at = text.indexOf(term, at + term.length);
  }
  return count;
}

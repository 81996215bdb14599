import { cursorInvalid } from '../../wiki/errors.ts';
import type { Weights } from './bm25.ts';

/** Where the next results begin, and the weights that all results of one query are scored with. */
export interface RankedCursor {
  weights: Weights;
  /** Of the last result; results are ordered by score, then by path. */
  score: number;
  path: string;
}

const VERSION = 1;

/** @param query the text of the query, which the next request must repeat */
export function encodeRankedCursor(query: string, { weights, score, path }: RankedCursor): string {
  const { pages, averageWords, found } = weights;
  const values = [VERSION, digest(query), pages, averageWords, found, score, path];
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** @throws KittiwakeError `cursor_invalid` for one of another query, too */
export function decodeRankedCursor(query: string, leaves: number, cursor: string): RankedCursor {
  const values = parsed(cursor);
  if (!Array.isArray(values)) throw cursorInvalid();
  const [version, of, pages, averageWords, found, score, path] = values;
  const isOurs = version === VERSION && of === digest(query) && typeof path === 'string';
  if (!isOurs || !isList(found, leaves) || ![pages, averageWords, score].every(isAmount))
    throw cursorInvalid();
  return { weights: { pages, averageWords, found }, score, path };
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function isList(value: unknown, length: number): boolean {
  return Array.isArray(value) && value.length === length && value.every(isAmount);
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function digest(query: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(query).digest('base64url').slice(0, 16);
}

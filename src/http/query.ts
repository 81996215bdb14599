import { queryInvalid } from './errors.ts';
import { decodePercent } from './path.ts';

/** The parameters of a query string, the first of each name. `+` is a space. */
export type Query = ReadonlyMap<string, string>;

const empty: Query = new Map();

/** @throws KittiwakeError `query_invalid` for broken escapes and invalid UTF-8 */
export function parseQuery(raw: string): Query {
  if (raw === '') return empty;
  const query = new Map<string, string>();
  for (const pair of raw.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decodeField(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decodeField(pair.slice(equals + 1));
    if (!query.has(name)) query.set(name, value);
  }
  return query;
}

function decodeField(raw: string): string {
  const text = decodePercent(raw.replaceAll('+', ' '));
  if (text === undefined) throw queryInvalid('Invalid query: it is not valid percent-encoded UTF-8');
  return text;
}

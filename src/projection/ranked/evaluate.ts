import { pageStem } from '../../wiki/name/page-path.ts';
import type { Entry } from './page-directory.ts';
import type { Filter, QueryNode } from './ranked-query.ts';
import { foldText } from './words.ts';

/** Weighted occurrences by leaf, then by page. */
export type Frequencies = readonly ReadonlyMap<number, number>[];

/** True when only pages that a leaf is on can match: nothing else need be looked at. */
export function needsLeaf(node: QueryNode): boolean {
  if (node.kind === 'leaf') return true;
  if (node.kind === 'and') return node.parts.some(needsLeaf);
  return node.kind === 'or' && node.parts.every(needsLeaf);
}

/** Whether a page matches. */
export function matches(node: QueryNode, entry: Entry, frequencies: Frequencies): boolean {
  switch (node.kind) {
    case 'leaf':
      return frequencies[node.index]?.has(entry.id) === true;
    case 'filter':
      return passes(node.filter, entry);
    case 'and':
      return node.parts.every(part => matches(part, entry, frequencies));
    case 'or':
      return node.parts.some(part => matches(part, entry, frequencies));
    case 'not':
      return !matches(node.part, entry, frequencies);
  }
}

function passes({ field, value, prefix }: Filter, entry: Entry): boolean {
  if (field === 'path') return isAt(foldText(pageStem(entry.path)), value, prefix);
  const values = field === 'tag' ? entry.tags() : [entry.category() ?? ''];
  return values.some(each => (prefix ? each.startsWith(value) : each === value));
}

/** The page, or what is below it; `docs/`: only what is below. */
function isAt(path: string, value: string, prefix: boolean): boolean {
  if (prefix || value.endsWith('/')) return path.startsWith(value);
  return path === value || path.startsWith(`${value}/`);
}

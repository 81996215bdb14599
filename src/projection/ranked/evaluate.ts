import { pageStem } from '../../wiki/name/page-path.ts';
import type { Entry } from './page-directory.ts';
import type { Filter, QueryNode } from './ranked-query.ts';
import { foldText } from './words.ts';

/** Weighted occurrences by leaf, then by page. */
export type Frequencies = readonly ReadonlyMap<number, number>[];

/** The pages among which all that match are; undefined: any may. */
export function candidatesOf(node: QueryNode, frequencies: Frequencies): ReadonlySet<number> | undefined {
  if (node.kind === 'leaf') return new Set(frequencies[node.index]?.keys());
  if (node.kind !== 'and' && node.kind !== 'or') return undefined;
  const parts = node.parts.map(part => candidatesOf(part, frequencies));
  if (node.kind === 'or') return parts.every(part => part !== undefined) ? union(parts) : undefined;
  const known = parts.filter(part => part !== undefined);
  return known.sort((a, b) => a.size - b.size)[0];
}

function union(sets: readonly ReadonlySet<number>[]): ReadonlySet<number> {
  const all = new Set<number>();
  for (const set of sets) for (const id of set) all.add(id);
  return all;
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

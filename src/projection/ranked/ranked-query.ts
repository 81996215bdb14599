/** Words next to each other, in one part of a page or in any. */
export interface Leaf {
  field: 'any' | 'title' | 'heading';
  /** Folded; at least one. */
  words: readonly string[];
  /** True: the last one is the beginning of a word. */
  prefix: boolean;
}

/** What a page is, whatever its text says. */
export interface Filter {
  field: 'path' | 'tag' | 'category';
  /** Folded. */
  value: string;
  /** True: it need only begin so. */
  prefix: boolean;
}

export type QueryNode =
  /** @see RankedQuery.leaves */
  | { kind: 'leaf'; index: number }
  | { kind: 'filter'; filter: Filter }
  | { kind: 'and' | 'or'; parts: readonly QueryNode[] }
  | { kind: 'not'; part: QueryNode };

export interface RankedQuery {
  /** As asked for, without white space around it. */
  text: string;
  root: QueryNode;
  /** Each once. */
  leaves: readonly Leaf[];
}

/** Parts of the query that count: those that nothing excludes. By index of {@link RankedQuery.leaves}. */
export function wantedLeaves(root: QueryNode): Set<number> {
  const wanted = new Set<number>();
  const collect = (node: QueryNode): void => {
    if (node.kind === 'leaf') wanted.add(node.index);
    if (node.kind === 'and' || node.kind === 'or') node.parts.forEach(collect);
  };
  collect(root);
  return wanted;
}

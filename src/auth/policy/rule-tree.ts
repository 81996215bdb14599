import type { Right } from '../principal.ts';
import type { Rule, Subject } from './policy.ts';

/** The subjects of each right that a rule names. */
export type Named = { [R in Right]?: readonly Subject[] };

/** The rules of a wiki by the segments of their paths. */
export interface RuleNode {
  named: Named;
  below: Map<string, RuleNode> | undefined;
}

/** Of two rules with one path, a subject counts that both name. */
export function createRuleTree(rules: readonly Rule[]): RuleNode {
  const root: RuleNode = { named: {}, below: undefined };
  for (const { path, ...rights } of rules) {
    const node = nodeAt(root, path);
    for (const [right, subjects] of Object.entries(rights) as [Right, readonly Subject[]][]) {
      const others = node.named[right];
      node.named[right] = others === undefined ? subjects : subjects.filter(each => others.includes(each));
    }
  }
  return root;
}

/** Whom the longest rule that covers `path` and names `right` means; undefined when there is none. */
export function subjectsAt(root: RuleNode, right: Right, path: string): readonly Subject[] | undefined {
  let node: RuleNode | undefined = root;
  let found = root.named[right];
  for (let start = 0; node?.below !== undefined && start <= path.length; ) {
    const slash = path.indexOf('/', start);
    const end = slash < 0 ? path.length : slash;
    node = node.below.get(path.slice(start, end));
    found = node?.named[right] ?? found;
    start = end + 1;
  }
  return found;
}

/** True when `path` is `prefix` or lies below it, by whole segments. */
export function covers(prefix: string, path: string): boolean {
  if (prefix === '' || path === prefix) return true;
  return path.length > prefix.length && path.startsWith(prefix) && path.charCodeAt(prefix.length) === 0x2f;
}

function nodeAt(root: RuleNode, path: string): RuleNode {
  let node = root;
  if (path === '') return node;
  for (const segment of path.split('/')) {
    node.below ??= new Map();
    let next = node.below.get(segment);
    if (next === undefined) {
      next = { named: {}, below: undefined };
      node.below.set(segment, next);
    }
    node = next;
  }
  return node;
}

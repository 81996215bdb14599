import fc from 'fast-check';
import { git } from '../../support/git-command.ts';
import { at, emptyCopy } from './push-support.ts';

/** A commit of a random history: how it is made from those before it. */
interface Step {
  /** Of those that nobody has built on, or any: the parents. */
  first: number;
  /** Undefined: no merge. */
  second: number | undefined;
  edits: { path: string; content: string | null; mode: string }[];
}

const PATHS = ['a.md', 'b.md', 'docs/a.md', 'docs/b.md', 'docs/deep/c.md', 'docs', 'x/y.md', 'z'];
const edit = fc.record({
  path: fc.constantFrom(...PATHS),
  content: fc.option(fc.constantFrom('one\n', 'two\n', 'three\n', `${'long line\n'.repeat(60)}end\n`), {
    freq: 4,
  }),
  mode: fc.constantFrom('100644', '100644', '100644', '100755', '120000'),
});
const step = fc.record({
  first: fc.nat(),
  second: fc.option(fc.nat(), { nil: undefined, freq: 2 }),
  edits: fc.array(edit, { maxLength: 3 }),
});

export const anySteps: fc.Arbitrary<Step[]> = fc.array(step, { minLength: 2, maxLength: 14 });

export interface RandomHistory {
  folder: string;
  /** Oldest first. */
  commits: { oid: string; parents: string[] }[];
}

/** Makes the history with native git. Each commit builds on one or two of the four newest before it. */
export function makeHistory(steps: readonly Step[]): RandomHistory {
  const folder = emptyCopy();
  const lines: string[] = [];
  const parents: number[][] = [];
  for (const [n, { first, second, edits }] of steps.entries()) {
    const choose = (wish: number) => n - 1 - (wish % Math.min(n, 4));
    const from =
      n === 0 ? [] : [...new Set([choose(first), ...(second === undefined ? [] : [choose(second)])])];
    parents.push(from);
    const who = `Ann <ann@example.org> ${1_700_000_000 + 60 * n} +0000`;
    lines.push(`commit refs/heads/c${n}`, `mark :${n + 1}`, `author ${who}`, `committer ${who}`);
    lines.push('data 5', `step\n`);
    const [main, other] = from;
    if (main !== undefined) lines.push(`from :${main + 1}`);
    if (other !== undefined) lines.push(`merge :${other + 1}`);
    for (const { path, content, mode } of edits)
      if (content === null) lines.push(`D ${path}`);
      else lines.push(`M ${mode} inline ${path}`, `data ${content.length}`, content);
    lines.push('');
  }
  git(folder, ['fast-import', '--quiet'], { input: lines.join('\n') });
  const oids = steps.map((_, n) => at(folder, 'rev-parse', `refs/heads/c${n}`));
  return {
    folder,
    commits: oids.map((oid, n) => ({ oid, parents: (parents[n] ?? []).map(each => oids[each] as string) })),
  };
}

/** Heads that may be pushed one after the other, each a descendant of the one before. */
export function headsOf({ commits }: RandomHistory): string[] {
  const ancestors = new Map<string, Set<string>>();
  for (const { oid, parents } of commits)
    ancestors.set(oid, new Set([oid, ...parents.flatMap(parent => [...(ancestors.get(parent) ?? [])])]));
  const heads: string[] = [];
  for (const { oid } of commits) {
    const last = heads.at(-1);
    if (last === undefined || ancestors.get(oid)?.has(last)) heads.push(oid);
  }
  return heads;
}

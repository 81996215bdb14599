import { isDeepStrictEqual } from 'node:util';
import { parsePolicy } from '../auth/policy/parse-policy.ts';
import { covers } from '../auth/policy/rule-tree.ts';
import type { Principal } from '../auth/principal.ts';
import { Lru } from '../core/lru.ts';
import type { Oid } from '../git/object/objects.ts';
import type { LedgerRepository } from '../git/open.ts';
import { allChanges } from '../git/purge/all-changes.ts';
import type { LedgerView } from '../git/view/view.ts';
import type { GitServices } from '../http/git-services.ts';
import { type Permits, readsAll } from '../wiki/access.ts';
import { historyHidden } from './errors.ts';

/** What was found out about a class of callers: until which commit, and what it may not read. */
interface Verdict {
  head: Oid | undefined;
  /** What other refs were, where they are shown. */
  side: readonly Oid[];
  epoch: number;
  policy: unknown;
  refused: string | undefined;
}

interface Question {
  permits: Permits;
  side: readonly Oid[];
  earlier: Verdict | undefined;
}

const KNOWN = 256;
const verdicts = new WeakMap<LedgerRepository, Lru<string, Verdict>>();

/**
 * Refuses unless the caller may read every path that exists in the wiki or ever existed: whoever has a clone has all of it. Where
 * the policy hides something, the history is gone through, once for callers of one kind and then on from there.
 * @throws KittiwakeError `forbidden`, naming the rule
 */
export async function demandWholeHistory(
  git: Pick<GitServices, 'repository' | 'access' | 'settings'>,
  view: LedgerView,
  principal: Principal,
): Promise<void> {
  const { repository } = git;
  const permits = git.access(view.policy);
  if (readsAll(permits)) return;
  const known = verdicts.get(repository) ?? new Lru<string, Verdict>(KNOWN);
  verdicts.set(repository, known);
  const { standing, grants, names, scope } = principal;
  const kind = JSON.stringify([standing, grants, names, scope]);
  const side = git.settings.gitRefs === 'all' ? Object.values(view.ledger.refs) : [];
  const verdict = await judge(repository, view, { permits, side, earlier: known.get(kind) });
  known.set(kind, verdict, 1);
  if (verdict.refused === undefined) return;
  throw historyHidden(ruleFor(verdict.refused, view.policy, principal));
}

async function judge(
  repository: LedgerRepository,
  view: LedgerView,
  { permits, side, earlier }: Question,
): Promise<Verdict> {
  const { head, policy } = view;
  const { epoch = 0 } = view.ledger;
  const isSame = earlier?.epoch === epoch && isDeepStrictEqual(earlier.policy, policy);
  const holds = isSame ? earlier : undefined;
  const isKnown = holds?.head === head && isDeepStrictEqual(holds?.side, side);
  if (holds && (holds.refused !== undefined || isKnown)) return holds;
  const refused =
    (await firstHidden(repository, view, permits, holds?.head)) ??
    (await firstHiddenAside(repository, view, permits, side));
  return { head, side, epoch, policy, refused };
}

async function firstHiddenAside(
  repository: LedgerRepository,
  view: LedgerView,
  permits: Permits,
  side: readonly Oid[],
): Promise<string | undefined> {
  if (side.length === 0) return undefined;
  const { sidePaths } = await import('./side-paths.ts');
  for await (const path of sidePaths(repository, view, side)) if (!permits.may('read', path)) return path;
  return undefined;
}

async function firstHidden(
  repository: LedgerRepository,
  view: LedgerView,
  permits: Permits,
  since: string | undefined,
): Promise<string | undefined> {
  const seen = new Set<string>();
  for await (const entry of view.logAfter(since)) {
    for (const { path } of await allChanges(repository, view, entry)) {
      if (seen.has(path)) continue;
      seen.add(path);
      if (!permits.may('read', path)) return path;
    }
  }
  return undefined;
}

/** What refuses a path: a rule by its place, the prefix of a token, or who may read at all. */
function ruleFor(path: string, stored: unknown, { scope }: Principal): string {
  const place = path.replace(/\.md$/, '').toLowerCase();
  if (scope?.prefix !== undefined && !covers(scope.prefix.toLowerCase(), place))
    return `the token is for ${JSON.stringify(scope.prefix)} only`;
  const rules = parsePolicy(stored)?.rules ?? [];
  const covering = rules.filter(rule => rule.read && covers(rule.path.toLowerCase(), place));
  const [rule] = covering.sort((a, b) => b.path.length - a.path.length);
  return rule === undefined
    ? 'its readers do not include the caller'
    : `the rule for ${JSON.stringify(rule.path)} does not let the caller read it`;
}

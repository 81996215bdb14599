import { MAX_RULES } from './check-rule.ts';
import { policyInvalid, ruleNotFound } from './errors.ts';
import type { Policy, Rule } from './policy.ts';

/** The fields of a policy that replace those of before; null takes one back to what is configured. */
export type Changed<T> = { readonly [K in keyof T]?: T[K] | null | undefined };

/** Pure: each gives the policy that follows, but for its revision, or the same object when nothing changes. */

export function withRule(policy: Policy, rule: Rule): Policy {
  const before = policy.rules.find(({ path }) => path === rule.path);
  if (before !== undefined && isSame(before, rule)) return policy;
  return withRules(policy, [...policy.rules.filter(each => each !== before), rule]);
}

/** @throws KittiwakeError `rule_not_found` */
export function withoutRule(policy: Policy, path: string): Policy {
  const rules = policy.rules.filter(rule => rule.path !== path);
  if (rules.length === policy.rules.length) throw ruleNotFound(path);
  return { ...policy, rules };
}

/** @throws KittiwakeError `policy_invalid` when they are too many, or two have one path */
export function withRules(policy: Policy, rules: readonly Rule[]): Policy {
  if (rules.length > MAX_RULES) {
    throw policyInvalid(`there would be ${rules.length} rules, wanted at most ${MAX_RULES}`);
  }
  const sorted = rules.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const twice = sorted.find((rule, index) => rule.path === sorted[index + 1]?.path);
  if (twice !== undefined) throw policyInvalid(`"${twice.path}" has two rules, wanted one`);
  return isSame(policy.rules, sorted) ? policy : { ...policy, rules: sorted };
}

/** Access, limits or preferences. */
export function withFields<K extends 'access' | 'limits' | 'preferences'>(
  policy: Policy,
  part: K,
  changed: Changed<Policy[K]>,
): Policy {
  const merged = Object.entries({ ...policy[part], ...changed }).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  const fields = Object.fromEntries(merged) as Policy[K];
  return isSame(policy[part], fields) ? policy : { ...policy, [part]: fields };
}

/** By content; the order of keys does not count, that of lists does. */
function isSame(a: object, b: object): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: object): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

import type { Audience } from '../../core/access-settings.ts';
import { parsePolicy } from './parse-policy.ts';
import type { Area, Limits, Policy, Preferences } from './policy.ts';
import { createRuleTree, type RuleNode } from './rule-tree.ts';

/** What holds as long as a wiki's policy says nothing else: the configuration's part. One object for each wiki. */
export interface PolicyDefaults {
  access: Readonly<Record<Area, Audience>>;
  limits: Limits;
  preferences: Preferences;
  /** As the wiki names its files: false means in lower case. */
  retainPageNameCase: boolean;
  /** Told of a policy that cannot be read, once for each: until it can, all but administrators are shut out. */
  unreadable?(): void;
}

/** A policy made ready to be asked. */
export interface CompiledPolicy {
  /** Undefined: it cannot be read. */
  policy: Policy | undefined;
  rules: RuleNode;
  /** Page paths at which a decision can be another one than above. */
  places: readonly string[];
  /** Those that there are: none is 0. */
  limits: Limits;
  preferences: Preferences;
}

/** By the value that the ledger holds: as long as the policy stays, it is not read again. */
const byStored = new WeakMap<object, WeakMap<PolicyDefaults, CompiledPolicy>>();

const NEVER_SET = {};

const NO_POLICY = {};

export function compiledPolicy(stored: unknown, defaults: PolicyDefaults): CompiledPolicy {
  const key = keyOf(stored);
  const byDefaults = byStored.get(key) ?? new WeakMap<PolicyDefaults, CompiledPolicy>();
  byStored.set(key, byDefaults);
  const compiled = byDefaults.get(defaults) ?? compile(stored, defaults);
  byDefaults.set(defaults, compiled);
  return compiled;
}

/** The path of a page's file, or of an attachment, as rules have it. */
export function placeOf(file: string, defaults: PolicyDefaults): string {
  return pagePlace(file.endsWith('.md') ? file.slice(0, -3) : file, defaults);
}

/** The path of a page, which may itself end in `.md`, as rules have it. */
export function pagePlace(path: string, { retainPageNameCase }: PolicyDefaults): string {
  return retainPageNameCase ? path : path.toLowerCase();
}

function keyOf(stored: unknown): object {
  if (stored === undefined) return NEVER_SET;
  return typeof stored === 'object' && stored !== null ? stored : NO_POLICY;
}

function compile(stored: unknown, defaults: PolicyDefaults): CompiledPolicy {
  const policy = parsePolicy(stored);
  if (policy === undefined) defaults.unreadable?.();
  const { limits, preferences } = policy ?? {};
  const rules = (policy?.rules ?? []).map(rule => ({ ...rule, path: pagePlace(rule.path, defaults) }));
  const set = Object.entries({ ...defaults.limits, ...limits }).filter(([, most]) => most > 0);
  return {
    policy,
    rules: createRuleTree(rules),
    places: rules.map(({ path }) => path),
    limits: Object.fromEntries(set),
    preferences: { ...defaults.preferences, ...preferences },
  };
}

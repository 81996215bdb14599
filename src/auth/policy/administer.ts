import type { Config } from '../../core/config.ts';
import type { Audit } from '../audit/audit.ts';
import { forbidden } from '../errors.ts';
import { type Principal, RIGHTS, type Right } from '../principal.ts';
import { type Changed, withFields, withoutRule, withRule, withRules } from './change-policy.ts';
import { checkedRule, type RuleFields } from './check-rule.ts';
import type { PolicyDefaults } from './compiled-policy.ts';
import { notAdministrator, policyChanged, policyLockMissing, policyUnreadable } from './errors.ts';
import { parsePolicy, storedPolicy } from './parse-policy.ts';
import { permitsAnywhere, permitsOf } from './permits.ts';
import type { Limits, Policy } from './policy.ts';
import { listPreferences, type Preference, preferenceChanges } from './preferences.ts';

/** Where a wiki's policy is kept. */
export interface PolicyLedger {
  /** The newest; undefined: never set. */
  policy(options: { maxAgeMs?: number }): Promise<unknown>;
  /** Changes it in one swap. `change` decides from the current one alone and throws to refuse; it may run several times. */
  changePolicy<R>(
    change: (current: unknown) => { policy?: unknown; result: R },
    options: { deadlineMs?: number },
  ): Promise<R>;
}

export interface PolicyOptions {
  ledger: PolicyLedger;
  /** Gets each change. A promise of it: no database is opened by those who only read, or may not change anything. */
  audit(): Promise<Audit>;
  config: Config;
  defaults: PolicyDefaults;
  /** A page path as the wiki names its files, without `.md`. @throws KittiwakeError `path_invalid` */
  pagePath(path: string): string;
}

/** The policy of a wiki as one caller may see and change it. Every change is refused whole, or is made whole and told to the audit log. */
export interface PolicyAdministration {
  /** As far as the caller administers it. @throws KittiwakeError `forbidden`, `policy_unreadable` */
  read(): Promise<Policy>;
  /** @param path of a page; `''` is the whole wiki */
  putRule(path: string, fields: RuleFields, options?: ChangeOptions): Promise<Policy>;
  deleteRule(path: string, options?: ChangeOptions): Promise<Policy>;
  /** Replaces them all. Only with a lock: nobody's rule is to be lost unseen. */
  putRules(rules: readonly ({ path: string } & RuleFields)[], options?: ChangeOptions): Promise<Policy>;
  /** What the caller may do somewhere; with a path: there. @throws KittiwakeError `path_invalid` */
  rights(path?: string): Promise<Readonly<Record<Right, boolean>>>;
  /** For whoever may read anything. @throws KittiwakeError `forbidden`, `policy_unreadable` */
  preferences(): Promise<Preference[]>;
  /** @param given by name; null takes one back to what is configured. @throws KittiwakeError `policy_invalid`, `preference_fixed` */
  changePreferences(given: Readonly<Record<string, unknown>>, options?: ChangeOptions): Promise<Preference[]>;
  /** For operators; whoever asks has been looked at. */
  changeLimits(limits: Changed<Limits>, options?: ChangeOptions): Promise<Policy>;
}

export interface ChangeOptions {
  /** The policy that the caller has read: another one refuses the change. `any`: whichever it is. */
  revision?: number | 'any';
  /** When the caller stops waiting, in runtime milliseconds. */
  deadlineMs?: number;
}

interface Wish {
  action: string;
  subject: string;
  /** Where the right "admin" is needed; undefined: the caller has been looked at. */
  at: string | undefined;
  options: ChangeOptions | undefined;
  detail?: Readonly<Record<string, unknown>>;
  change(policy: Policy): Policy;
}

/** Errors of all changes: `forbidden`, `precondition_failed`, `policy_unreadable`, and those of the ledger. */
export function administerPolicy(
  principal: Principal,
  { ledger, audit, config, defaults, pagePath }: PolicyOptions,
): PolicyAdministration {
  async function carryOut({
    action,
    subject,
    at,
    options: { revision, ...rest } = {},
    detail = {},
    change,
  }: Wish): Promise<Policy> {
    const decide = (stored: unknown) => {
      if (at !== undefined && !permitsOf(principal, stored, defaults).mayAt('admin', at))
        throw notAdministrator(at);
      const before = readable(stored);
      if (typeof revision === 'number' && revision !== before.revision) throw policyChanged(before.revision);
      const changed = change(before);
      if (changed === before) return { result: before };
      const after = { ...changed, revision: before.revision + 1 };
      return { policy: storedPolicy(after), result: after };
    };
    // Whoever may not do it, or asks for what cannot be, leaves no trace in the database.
    const first = decide(await ledger.policy({ maxAgeMs: 0 }));
    if (first.policy === undefined) return shown(first.result);
    const event = { actor: principal.id, action, subject, detail };
    return shown(await (await audit()).record(event, () => ledger.changePolicy(decide, rest)));
  }

  function shown(policy: Policy): Policy {
    const permits = permitsOf(principal, storedPolicy(policy), defaults);
    return { ...policy, rules: policy.rules.filter(({ path }) => permits.mayAt('admin', path)) };
  }

  return {
    async read() {
      const stored = await ledger.policy({ maxAgeMs: 0 });
      if (!permitsAnywhere(principal, 'admin', stored, defaults)) throw notAdministrator('');
      return shown(readable(stored));
    },
    async putRule(path, fields, options) {
      const rule = checkedRule(path === '' ? '' : pagePath(path), fields);
      const named = { action: 'rule.put', subject: `rule:${rule.path}`, at: rule.path };
      return carryOut({ ...named, options, detail: { rule }, change: policy => withRule(policy, rule) });
    },
    async deleteRule(path, options) {
      const at = path === '' ? '' : pagePath(path);
      const named = { action: 'rule.delete', subject: `rule:${at}`, at };
      return carryOut({ ...named, options, change: policy => withoutRule(policy, at) });
    },
    async putRules(given, options) {
      const rules = given.map(({ path, ...fields }) =>
        checkedRule(path === '' ? '' : pagePath(path), fields),
      );
      const named = { action: 'rules.replace', subject: 'policy', at: '' };
      const detail = { rules: rules.length };
      const change = (policy: Policy) => {
        if (options?.revision === undefined) throw policyLockMissing();
        return withRules(policy, rules);
      };
      return carryOut({ ...named, options, detail, change });
    },
    async rights(path) {
      const stored = await ledger.policy({});
      const place = path === undefined ? undefined : pagePath(path);
      const permits = permitsOf(principal, stored, defaults);
      const entries = RIGHTS.map(right => [
        right,
        place === undefined
          ? permitsAnywhere(principal, right, stored, defaults)
          : permits.mayAt(right, place),
      ]);
      return Object.fromEntries(entries);
    },
    async preferences() {
      const stored = await ledger.policy({ maxAgeMs: 0 });
      if (!permitsAnywhere(principal, 'read', stored, defaults)) throw forbidden('read');
      return listPreferences(readable(stored), config);
    },
    async changePreferences(given, options) {
      const { access, preferences } = preferenceChanges(given);
      const change = (policy: Policy) =>
        withFields(withFields(policy, 'access', access), 'preferences', preferences);
      const named = { action: 'preferences.change', subject: 'policy', at: '' };
      return listPreferences(await carryOut({ ...named, options, detail: given, change }), config);
    },
    async changeLimits(limits, options) {
      const change = (policy: Policy) => withFields(policy, 'limits', limits);
      const named = { action: 'limits.change', subject: 'policy', at: undefined };
      return carryOut({ ...named, options, detail: { ...limits }, change });
    },
  };
}

function readable(stored: unknown): Policy {
  const policy = parsePolicy(stored);
  if (policy === undefined) throw policyUnreadable();
  return policy;
}

import type { Config } from '../../core/config.ts';
import type { Audit } from '../audit/audit.ts';
import { forbidden } from '../errors.ts';
import { type Principal, RIGHTS, type Right } from '../principal.ts';
import { type Changed, withFields, withoutRule, withRule, withRules } from './change-policy.ts';
import { checkedRule, type RuleFields } from './check-rule.ts';
import type { PolicyDefaults } from './compiled-policy.ts';
import { notAdministrator, policyChanged, policyLockMissing, policyUnreadable } from './errors.ts';
import { parsePolicy, storedPolicy } from './parse-policy.ts';
import { type CallerPermits, permitsAnywhere, permitsOf } from './permits.ts';
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
export function administerPolicy(principal: Principal, options: PolicyOptions): PolicyAdministration {
  return new AdministeredPolicy(principal, options);
}

class AdministeredPolicy implements PolicyAdministration {
  readonly #principal: Principal;
  readonly #options: PolicyOptions;

  constructor(principal: Principal, options: PolicyOptions) {
    this.#principal = principal;
    this.#options = options;
  }

  async read(): Promise<Policy> {
    const stored = await this.#newest();
    if (!this.#mayAnywhere('admin', stored)) throw notAdministrator('');
    return this.#shown(readable(stored));
  }

  async putRule(path: string, fields: RuleFields, options?: ChangeOptions): Promise<Policy> {
    const rule = checkedRule(this.#place(path), fields);
    const named = { action: 'rule.put', subject: `rule:${rule.path}`, at: rule.path };
    return this.#carryOut({ ...named, options, detail: { rule }, change: policy => withRule(policy, rule) });
  }

  async deleteRule(path: string, options?: ChangeOptions): Promise<Policy> {
    const at = this.#place(path);
    const named = { action: 'rule.delete', subject: `rule:${at}`, at };
    return this.#carryOut({ ...named, options, change: policy => withoutRule(policy, at) });
  }

  async putRules(
    given: readonly ({ path: string } & RuleFields)[],
    options?: ChangeOptions,
  ): Promise<Policy> {
    const rules = given.map(({ path, ...fields }) => checkedRule(this.#place(path), fields));
    const named = { action: 'rules.replace', subject: 'policy', at: '' };
    const change = (policy: Policy) => {
      if (options?.revision === undefined) throw policyLockMissing();
      return withRules(policy, rules);
    };
    return this.#carryOut({ ...named, options, detail: { rules: rules.length }, change });
  }

  async rights(path?: string): Promise<Readonly<Record<Right, boolean>>> {
    const stored = await this.#options.ledger.policy({});
    const place = path === undefined ? undefined : this.#options.pagePath(path);
    const permits = this.#permits(stored);
    const entries = RIGHTS.map(right => [
      right,
      place === undefined ? this.#mayAnywhere(right, stored) : permits.mayAt(right, place),
    ]);
    return Object.fromEntries(entries);
  }

  async preferences(): Promise<Preference[]> {
    const stored = await this.#newest();
    if (!this.#mayAnywhere('read', stored)) throw forbidden('read');
    return listPreferences(readable(stored), this.#options.config);
  }

  async changePreferences(
    given: Readonly<Record<string, unknown>>,
    options?: ChangeOptions,
  ): Promise<Preference[]> {
    const { access, preferences } = preferenceChanges(given);
    const change = (policy: Policy) =>
      withFields(withFields(policy, 'access', access), 'preferences', preferences);
    const named = { action: 'preferences.change', subject: 'policy', at: '' };
    const policy = await this.#carryOut({ ...named, options, detail: given, change });
    return listPreferences(policy, this.#options.config);
  }

  async changeLimits(limits: Changed<Limits>, options?: ChangeOptions): Promise<Policy> {
    const change = (policy: Policy) => withFields(policy, 'limits', limits);
    const named = { action: 'limits.change', subject: 'policy', at: undefined };
    return this.#carryOut({ ...named, options, detail: { ...limits }, change });
  }

  async #carryOut(wish: Wish): Promise<Policy> {
    const { action, subject, options: { revision: _, ...rest } = {}, detail = {} } = wish;
    const { ledger, audit } = this.#options;
    const decide = (stored: unknown) => this.#decided(wish, stored);
    // Whoever may not do it, or asks for what cannot be, leaves no trace in the database.
    const first = decide(await this.#newest());
    if (first.policy === undefined) return this.#shown(first.result);
    const event = { actor: this.#principal.id, action, subject, detail };
    return this.#shown(await (await audit()).record(event, () => ledger.changePolicy(decide, rest)));
  }

  #decided({ at, options, change }: Wish, stored: unknown): { policy?: unknown; result: Policy } {
    if (at !== undefined && !this.#permits(stored).mayAt('admin', at)) throw notAdministrator(at);
    const before = readable(stored);
    const revision = options?.revision;
    if (typeof revision === 'number' && revision !== before.revision) throw policyChanged(before.revision);
    const changed = change(before);
    if (changed === before) return { result: before };
    const after = { ...changed, revision: before.revision + 1 };
    return { policy: storedPolicy(after), result: after };
  }

  #shown(policy: Policy): Policy {
    const permits = this.#permits(storedPolicy(policy));
    return { ...policy, rules: policy.rules.filter(({ path }) => permits.mayAt('admin', path)) };
  }

  #newest(): Promise<unknown> {
    return this.#options.ledger.policy({ maxAgeMs: 0 });
  }

  #permits(stored: unknown): CallerPermits {
    return permitsOf(this.#principal, stored, this.#options.defaults);
  }

  #mayAnywhere(right: Right, stored: unknown): boolean {
    return permitsAnywhere(this.#principal, right, stored, this.#options.defaults);
  }

  /** As rules name it; empty: the whole wiki. */
  #place(path: string): string {
    return path === '' ? '' : this.#options.pagePath(path);
  }
}

function readable(stored: unknown): Policy {
  const policy = parsePolicy(stored);
  if (policy === undefined) throw policyUnreadable();
  return policy;
}

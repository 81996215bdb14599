import type { Audience } from '../../core/access-settings.ts';
import { type Principal, type Right, STANDINGS, type Standing } from '../principal.ts';
import {
  type CompiledPolicy,
  compiledPolicy,
  type PolicyDefaults,
  pagePlace,
  placeOf,
} from './compiled-policy.ts';
import type { Area, Limits, Preferences, Subject } from './policy.ts';
import { covers, subjectsAt } from './rule-tree.ts';
import { foldedName } from './subject.ts';

/** What one caller may do by one version of a wiki's policy; what the wiki takes as its `Permits`. */
export interface CallerPermits {
  /** True: read, write and upload everywhere. */
  readonly all: boolean;
  /** True: read everywhere. False tells nothing. */
  readonly readsAll: boolean;
  /** Those that there are: none is 0. */
  readonly limits: Limits;
  readonly preferences: Preferences;
  /** @param path of a file: `docs/intro.md`, `docs/intro/plan.png` */
  may(right: Right, path: string): boolean;
  /** @param path of a page, without `.md`; `''` is the whole wiki */
  mayAt(right: Right, path: string): boolean;
}

const NEEDED: Readonly<Record<Right, readonly Right[]>> = {
  read: ['read'],
  write: ['write', 'read'],
  upload: ['upload', 'write', 'read'],
  admin: ['admin'],
};

const AREA: Readonly<Partial<Record<Right, Area>>> = { read: 'read', write: 'write', upload: 'attachment' };

const LEAST: Readonly<Record<Audience, Standing>> = {
  ANONYMOUS: 'anonymous',
  REGISTERED: 'registered',
  APPROVED: 'approved',
  ADMIN: 'admin',
};

const known = new WeakMap<CompiledPolicy, WeakMap<Principal, CallerPermits>>();

/**
 * What a caller may do, by the policy as the ledger holds it (undefined: none was ever set). Never throws; asked again for the
 * same caller and policy it is a look-up.
 *
 * Operators and administrators may do everything, whatever the rules say. For others the longest rule decides that covers the
 * page and names the right; without one the area's audience, or what the caller was granted. A token's scope limits all of that.
 */
export function permitsOf(principal: Principal, stored: unknown, defaults: PolicyDefaults): CallerPermits {
  const compiled = compiledPolicy(stored, defaults);
  const byCaller = known.get(compiled) ?? new WeakMap<Principal, CallerPermits>();
  known.set(compiled, byCaller);
  const permits = byCaller.get(principal) ?? new RuledPermits(principal, compiled, defaults);
  byCaller.set(principal, permits);
  return permits;
}

/** False when the caller has a right nowhere in the wiki. */
export function permitsAnywhere(
  principal: Principal,
  right: Right,
  stored: unknown,
  defaults: PolicyDefaults,
): boolean {
  const permits = permitsOf(principal, stored, defaults);
  if (permits.all && right !== 'admin') return true;
  const { places } = compiledPolicy(stored, defaults);
  return [principal.scope?.prefix ?? '', ...places].some(path => permits.mayAt(right, path));
}

class RuledPermits implements CallerPermits {
  readonly all: boolean;
  readonly readsAll: boolean;
  readonly limits: Limits;
  readonly preferences: Preferences;
  readonly #principal: Principal;
  readonly #compiled: CompiledPolicy;
  readonly #defaults: PolicyDefaults;
  readonly #isAdministrator: boolean;
  readonly #areas: ReadonlySet<Right>;
  readonly #names: ReadonlySet<string>;
  readonly #prefix: string | undefined;
  /** Subjects that were looked at: whether the caller is one of them. */
  readonly #met = new Map<readonly Subject[], boolean>();

  constructor(principal: Principal, compiled: CompiledPolicy, defaults: PolicyDefaults) {
    const { scope, standing, names } = principal;
    this.#principal = principal;
    this.#compiled = compiled;
    this.#defaults = defaults;
    this.#isAdministrator = standing === 'admin' || standing === 'operator';
    this.#areas = areasOf(principal, compiled, defaults);
    this.#names = new Set(names.map(foldedName));
    this.#prefix = scope?.prefix === undefined ? undefined : pagePlace(scope.prefix, defaults);
    this.limits = compiled.limits;
    this.preferences = compiled.preferences;
    const isUnruled = this.#isAdministrator || compiled.places.length === 0;
    this.all = isUnruled && this.#prefix === undefined && NEEDED.upload.every(right => this.#has(right, ''));
    const hidesNothing = this.#isAdministrator || !compiled.policy?.rules.some(rule => rule.read);
    this.readsAll = hidesNothing && this.#prefix === undefined && this.#has('read', '');
  }

  may(right: Right, path: string): boolean {
    return this.#mayAtPlace(right, placeOf(path, this.#defaults));
  }

  mayAt(right: Right, path: string): boolean {
    return this.#mayAtPlace(right, pagePlace(path, this.#defaults));
  }

  #mayAtPlace(right: Right, place: string): boolean {
    if (this.#prefix !== undefined && !covers(this.#prefix, place)) return false;
    return NEEDED[right].every(needed => this.#has(needed, place));
  }

  #has(right: Right, place: string): boolean {
    const { scope } = this.#principal;
    if (scope !== undefined && !scope.rights.includes(right)) return false;
    if (this.#isAdministrator) return true;
    const subjects = subjectsAt(this.#compiled.rules, right, place);
    return subjects === undefined ? this.#areas.has(right) : this.#isAmong(subjects);
  }

  #isAmong(subjects: readonly Subject[]): boolean {
    let isMet = this.#met.get(subjects);
    if (isMet === undefined) {
      isMet = subjects.some(subject => this.#is(subject));
      this.#met.set(subjects, isMet);
    }
    return isMet;
  }

  #is(subject: Subject): boolean {
    if (Object.hasOwn(LEAST, subject)) return isAtLeast(this.#principal, subject as Audience);
    return this.#names.has(subject);
  }
}

/** What the caller has where no rule says anything. Nothing, when nobody can tell what the policy says. */
function areasOf(
  principal: Principal,
  { policy }: CompiledPolicy,
  defaults: PolicyDefaults,
): ReadonlySet<Right> {
  const rights = new Set<Right>();
  if (policy === undefined) return rights;
  for (const right of Object.keys(NEEDED) as Right[]) {
    const area = AREA[right];
    const isOpen = area !== undefined && isAtLeast(principal, policy.access[area] ?? defaults.access[area]);
    if (isOpen || principal.grants.includes(right)) rights.add(right);
  }
  return rights;
}

function isAtLeast({ standing }: Principal, audience: Audience): boolean {
  return STANDINGS.indexOf(standing) >= STANDINGS.indexOf(LEAST[audience]);
}

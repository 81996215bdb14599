import fc from 'fast-check';
import { expect, it } from 'vitest';
import { permitsAnywhere } from '../../../src/auth/policy/permits.ts';
import type { Rule } from '../../../src/auth/policy/policy.ts';
import { type Principal, RIGHTS, type Right, STANDINGS, type Standing } from '../../../src/auth/principal.ts';
import { DEFAULTS, permitsByRules, stored } from './policy-support.ts';

const segment = fc.constantFrom('a', 'b', 'ab');
const place = fc.array(segment, { maxLength: 4 }).map(parts => parts.join('/'));
const name = fc.constantFrom('user:x', 'group:g', 'token:t');
const subject = fc.oneof(name, fc.constantFrom('ANONYMOUS', 'REGISTERED', 'APPROVED', 'ADMIN'));
const subjects = fc.option(fc.array(subject, { maxLength: 3 }), { nil: undefined });

const rule: fc.Arbitrary<Rule> = fc
  .record({ path: place, read: subjects, write: subjects, upload: subjects, admin: subjects })
  .map(
    fields =>
      Object.fromEntries(
        Object.entries(fields).filter(([, value]) => value !== undefined),
      ) as unknown as Rule,
  );

const rules = fc.uniqueArray(rule, { maxLength: 8, selector: each => each.path });

const rights = fc.subarray([...RIGHTS]);

const principal: fc.Arbitrary<Principal> = fc.record(
  {
    id: fc.constant('user:1'),
    standing: fc.constantFrom(...STANDINGS),
    grants: rights,
    names: fc.subarray(['user:x', 'group:g', 'token:t']),
    scope: fc.record({ rights, prefix: place }, { requiredKeys: ['rights'] }),
  },
  { requiredKeys: ['id', 'standing', 'grants', 'names'] },
);

/** The same, by the words of its description and without any care for speed. */
function expected(who: Principal, all: readonly Rule[], right: Right, path: string): boolean {
  const isCoveredBy = (prefix: string) => prefix === '' || `${path}/`.startsWith(`${prefix}/`);
  const rank = (standing: string) => STANDINGS.indexOf(standing.toLowerCase() as Standing);
  if (who.scope && !isCoveredBy(who.scope.prefix ?? '')) return false;
  const has = (needed: Right) => {
    if (who.scope && !who.scope.rights.includes(needed)) return false;
    if (rank(who.standing) >= rank('admin')) return true;
    const covering = all.filter(each => each[needed] !== undefined && isCoveredBy(each.path));
    const longest = covering.toSorted((a, b) => b.path.length - a.path.length)[0];
    if (longest === undefined)
      return who.grants.includes(needed) || (needed !== 'admin' && rank(who.standing) >= rank('approved'));
    return (longest[needed] ?? []).some(each =>
      each.includes(':') ? who.names.includes(each) : rank(who.standing) >= rank(each),
    );
  };
  const chain: Record<Right, Right[]> = {
    read: ['read'],
    write: ['write', 'read'],
    upload: ['upload', 'write', 'read'],
    admin: ['admin'],
  };
  return chain[right].every(has);
}

it('decides as the description of rules says, for any rules, caller, right and place', () => {
  fc.assert(
    fc.property(principal, rules, fc.constantFrom(...RIGHTS), place, (who, all, right, path) => {
      const permits = permitsByRules(who, all);
      const wanted = expected(who, all, right, path);
      expect(permits.may(right, path === '' ? '' : `${path}.md`)).toBe(wanted);
      if (permits.all && right !== 'admin') expect(wanted).toBe(true);
      if (wanted) expect(permitsAnywhere(who, right, stored({ rules: all }), DEFAULTS)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

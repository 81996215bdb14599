import { describe, expect, it } from 'vitest';
import { permitsAnywhere, permitsOf } from '../../../src/auth/policy/permits.ts';
import { ANONYMOUS, OPERATOR } from '../../../src/auth/principal.ts';
import { caller, DEFAULTS, permitsByRules, stored } from './policy-support.ts';

const ANNA = caller({ names: ['user:anna@example.org', 'group:staff'] });

describe('areas', () => {
  it('lets in whom they are open to, as configured', () => {
    const open = {
      ...DEFAULTS,
      access: { read: 'ANONYMOUS', write: 'REGISTERED', attachment: 'ADMIN' },
    } as const;
    const rights = (standing: 'anonymous' | 'registered' | 'approved' | 'admin') => {
      const permits = permitsOf(caller({ standing }), undefined, open);
      return (['read', 'write', 'upload'] as const).filter(right => permits.may(right, 'home.md'));
    };
    expect(rights('anonymous')).toEqual(['read']);
    expect(rights('registered')).toEqual(['read', 'write']);
    expect(rights('approved')).toEqual(['read', 'write']);
    expect(rights('admin')).toEqual(['read', 'write', 'upload']);
  });

  it('follows the policy rather than the configuration', () => {
    const permits = permitsOf(ANONYMOUS, stored({ access: { read: 'ANONYMOUS' } }), DEFAULTS);
    expect(permits.may('read', 'home.md')).toBe(true);
    expect(permits.may('write', 'home.md')).toBe(false);
  });

  it('takes a right to write for nothing without the right to read, and one to upload without both', () => {
    const none = caller({ standing: 'registered', grants: ['write', 'upload'] });
    expect(permitsOf(none, undefined, DEFAULTS).may('write', 'home.md')).toBe(false);
    expect(permitsOf(none, undefined, DEFAULTS).may('upload', 'home/a.png')).toBe(false);
    const reader = caller({ standing: 'registered', grants: ['read', 'upload'] });
    expect(permitsOf(reader, undefined, DEFAULTS).may('upload', 'home/a.png')).toBe(false);
    const all = caller({ standing: 'registered', grants: ['read', 'write', 'upload'] });
    expect(permitsOf(all, undefined, DEFAULTS).all).toBe(true);
  });
});

describe('rules', () => {
  it('cover a page, its attachments and its sub-pages, by whole segments', () => {
    const permits = permitsByRules(ANNA, [{ path: 'docs/intro', read: [] }]);
    for (const path of ['docs/intro.md', 'docs/intro/plan.png', 'docs/intro/sub.md', 'Docs/Intro.md'])
      expect(permits.may('read', path), path).toBe(false);
    for (const path of [
      'docs/introduction.md',
      'docs.md',
      'docs/intro.png',
      'docs/other/intro.md',
      'home.md',
    ])
      expect(permits.may('read', path), path).toBe(true);
  });

  it('cover a page whose own name ends in .md, and not the one without', () => {
    const permits = permitsByRules(ANNA, [{ path: 'docs/intro.md', read: [] }]);
    expect(permits.may('read', 'docs/intro.md.md')).toBe(false);
    expect(permits.mayAt('read', 'docs/intro.md')).toBe(false);
    expect(permits.may('read', 'docs/intro.md')).toBe(true);
  });

  it('keeps the case of paths where the wiki keeps it', () => {
    const retained = { ...DEFAULTS, retainPageNameCase: true };
    const permits = permitsByRules(ANNA, [{ path: 'Docs', read: [] }], retained);
    expect(permits.may('read', 'Docs/intro.md')).toBe(false);
    expect(permits.may('read', 'docs/intro.md')).toBe(true);
  });

  it('count for each right by itself, the longest first', () => {
    const permits = permitsByRules(ANNA, [
      { path: '', write: [] },
      { path: 'team', write: ['group:staff'] },
      { path: 'team/plans', read: ['user:anna@example.org'] },
      { path: 'team/plans/old', read: ['group:board'] },
    ]);
    expect(permits.may('write', 'home.md')).toBe(false);
    expect(permits.may('read', 'home.md')).toBe(true);
    expect(permits.may('write', 'team/plans/next.md')).toBe(true);
    expect(permits.may('read', 'team/plans/old.md')).toBe(false);
    expect(permits.may('write', 'team/plans/old.md')).toBe(false);
  });

  it('replace what somebody was granted', () => {
    const granted = caller({ standing: 'registered', grants: ['read', 'write'] });
    const permits = permitsByRules(granted, [{ path: 'secret', read: ['group:board'] }]);
    expect(permits.may('write', 'home.md')).toBe(true);
    expect(permits.may('read', 'secret.md')).toBe(false);
  });

  it('means an audience by standing and others by name', () => {
    const rules = [
      { path: 'open', read: ['ANONYMOUS'] },
      { path: 'user:x', read: ['user:x', 'APPROVED'] },
    ];
    expect(permitsByRules(ANONYMOUS, rules).may('read', 'open/a.md')).toBe(true);
    expect(permitsByRules(ANONYMOUS, rules).may('read', 'home.md')).toBe(false);
    expect(permitsByRules(ANNA, rules).may('read', 'user:x.md')).toBe(true);
    expect(permitsByRules(caller({ names: ['toString'] }), [{ path: '', read: ['constructor'] }]).all).toBe(
      false,
    );
  });

  it('never shut out administrators and operators', () => {
    const rules = [{ path: '', read: [], write: [], upload: [], admin: [] }];
    expect(permitsByRules(OPERATOR, rules).all).toBe(true);
    const admin = permitsByRules(caller({ standing: 'admin' }), rules);
    expect(admin.all).toBe(true);
    expect(admin.mayAt('admin', 'anything')).toBe(true);
  });

  it('lets somebody administer below a prefix', () => {
    const permits = permitsByRules(ANNA, [{ path: 'team', admin: ['group:staff'] }]);
    expect(permits.mayAt('admin', 'team')).toBe(true);
    expect(permits.mayAt('admin', 'team/plans')).toBe(true);
    expect(permits.mayAt('admin', 'teams')).toBe(false);
    expect(permits.mayAt('admin', '')).toBe(false);
  });

  it('let in only whom both name where two have the same path after folding', () => {
    const rules = [
      { path: 'Docs', read: ['group:staff', 'user:x'] },
      { path: 'docs', read: ['user:x'] },
    ];
    expect(permitsByRules(ANNA, rules).may('read', 'docs.md')).toBe(false);
    expect(permitsByRules(caller({ names: ['user:x'] }), rules).may('read', 'docs.md')).toBe(true);
  });
});

describe('the scope of a token', () => {
  it('limits the rights of whoever it belongs to', () => {
    const token = { ...OPERATOR, scope: { rights: ['read'] as const } };
    const permits = permitsOf(token, undefined, DEFAULTS);
    expect(permits.may('read', 'home.md')).toBe(true);
    expect(permits.may('write', 'home.md')).toBe(false);
    expect(permits.mayAt('admin', '')).toBe(false);
    expect(permits.all).toBe(false);
  });

  it('limits them to its prefix, whatever the case it was given in', () => {
    const rights = ['read', 'write', 'upload', 'admin'] as const;
    const permits = permitsOf({ ...OPERATOR, scope: { rights, prefix: 'Docs' } }, undefined, DEFAULTS);
    expect(permits.may('write', 'docs.md')).toBe(true);
    expect(permits.may('upload', 'docs/a/plan.png')).toBe(true);
    expect(permits.may('read', 'docs2.md')).toBe(false);
    expect(permits.mayAt('admin', '')).toBe(false);
    expect(permits.all).toBe(false);
  });

  it('costs no questions when it limits nothing', () => {
    const rights = ['read', 'write', 'upload'] as const;
    expect(permitsOf({ ...OPERATOR, scope: { rights } }, undefined, DEFAULTS).all).toBe(true);
  });
});

describe('a policy that cannot be read', () => {
  it.each([null, 7, 'text', [], {}, { format: 2 }, { format: 1 }, { format: 1, revision: 1, rules: [{}] }])(
    'shuts out all but administrators, and is told of: %j',
    damaged => {
      let told = 0;
      const defaults = {
        ...DEFAULTS,
        access: { read: 'ANONYMOUS', write: 'ANONYMOUS', attachment: 'ANONYMOUS' } as const,
        unreadable: () => {
          told += 1;
        },
      };
      const granted = caller({ grants: ['read', 'write', 'upload'] });
      expect(permitsOf(granted, damaged, defaults).may('read', 'home.md')).toBe(false);
      expect(permitsAnywhere(ANONYMOUS, 'read', damaged, defaults)).toBe(false);
      expect(permitsOf(OPERATOR, damaged, defaults).all).toBe(true);
      expect(told).toBe(1);
    },
  );
});

describe('permitsAnywhere', () => {
  it('finds the one rule that opens a place', () => {
    const policy = stored({ rules: [{ path: 'open', read: ['ANONYMOUS'] }] });
    expect(permitsAnywhere(ANONYMOUS, 'read', policy, DEFAULTS)).toBe(true);
    expect(permitsAnywhere(ANONYMOUS, 'write', policy, DEFAULTS)).toBe(false);
    expect(permitsAnywhere(ANONYMOUS, 'read', undefined, DEFAULTS)).toBe(false);
  });

  it('does not take two halves of a right in two places for one', () => {
    const policy = stored({
      rules: [
        { path: 'a', read: ['ANONYMOUS'] },
        { path: 'b', write: ['ANONYMOUS'] },
      ],
    });
    expect(permitsAnywhere(ANONYMOUS, 'write', policy, DEFAULTS)).toBe(false);
  });

  it('looks at the prefix of a token and below', () => {
    const token = caller({ scope: { rights: ['read'], prefix: 'docs' } });
    expect(permitsAnywhere(token, 'read', undefined, DEFAULTS)).toBe(true);
    const closed = stored({ rules: [{ path: 'docs', read: [] }] });
    expect(permitsAnywhere(token, 'read', closed, DEFAULTS)).toBe(false);
    const below = stored({
      rules: [
        { path: 'docs', read: [] },
        { path: 'docs/x', read: ['APPROVED'] },
      ],
    });
    expect(permitsAnywhere(token, 'read', below, DEFAULTS)).toBe(true);
  });
});

describe('limits and preferences', () => {
  it('come from the policy, else from the configuration, and none is 0', () => {
    const defaults = { ...DEFAULTS, limits: { pages: 500, bytes: 1000 } };
    const policy = stored({ limits: { pages: 0, bytes: 7 }, preferences: { commitMessage: 'REQUIRED' } });
    expect(permitsOf(OPERATOR, policy, defaults).limits).toEqual({ bytes: 7 });
    expect(permitsOf(OPERATOR, policy, defaults).preferences.commitMessage).toBe('REQUIRED');
    expect(permitsOf(OPERATOR, undefined, defaults).limits).toEqual({ pages: 500, bytes: 1000 });
  });
});

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Harness, openWiki } from './harness.ts';
import { NOBODY, PROXY, proxied } from './proxied.ts';

const ANNA = proxied('anna', 'READ WRITE');
const BEN = proxied('ben', 'READ WRITE staff');
const CHIEF = proxied('chief', 'ADMIN');

let wiki: Harness;

beforeEach(async () => {
  wiki = await openWiki(PROXY);
  await wiki.write('Home', 'home');
  await wiki.write('Team/Plans', 'plans');
});

function read(path: string, who: Record<string, string>): Promise<number> {
  return wiki.call('GET', `/pages/${path}`, undefined, who).then(({ status }) => status);
}

describe('rules', () => {
  test('hide a page from those whom they do not name, at once and everywhere below', async () => {
    const made = await wiki.call('PUT', '/policy/rules/Team', { read: ['group:staff'] }, CHIEF);
    expect([made.status, made.body.rules]).toEqual([200, [{ path: 'team', read: ['group:staff'] }]]);
    expect(await read('Team/Plans', ANNA)).toBe(404);
    expect(await read('Team/Plans', BEN)).toBe(200);
    expect(await read('Team/Plans', CHIEF)).toBe(200);
    expect(await read('Home', ANNA)).toBe(200);
    const list = await wiki.call('GET', '/pages', undefined, ANNA);
    expect(list.body.pages.map(({ path }: { path: string }) => path)).toEqual(['Home']);
    const removed = await wiki.call('DELETE', '/policy/rules/Team', undefined, CHIEF);
    expect([removed.status, removed.body.rules]).toEqual([200, []]);
    expect(await read('Team/Plans', ANNA)).toBe(200);
  });

  test('hide a page whose name ends in .md, and no other one', async () => {
    await wiki.write('Team/Plans.md.md', 'of the file');
    await wiki.call('PUT', '/policy/rules/Team/Plans.md.md', { read: ['group:staff'] }, CHIEF);
    expect(await read('Team/Plans.md.md', ANNA)).toBe(404);
    expect(await read('Team/Plans', ANNA)).toBe(200);
    const { token } = (
      await wiki.call('POST', '/tokens', { name: 'T', rights: ['admin'], prefix: 'Team/Plans.md.md' }, CHIEF)
    ).body;
    const holder = { authorization: `Bearer ${token}` };
    expect([await read('Team/Plans.md.md', holder), await read('Team/Plans', holder)]).toEqual([200, 404]);
  });

  test('protect a page from being written', async () => {
    await wiki.call('PUT', '/policy/rules/Home', { write: ['ADMIN'] }, CHIEF);
    const body = { content: 'new', revision: (await wiki.call('GET', '/pages/Home')).body.revision };
    const refused = await wiki.call('PUT', '/pages/Home', body, ANNA);
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    expect(await wiki.text('Home')).toBe('home');
    expect((await wiki.call('PUT', '/pages/Home', body, CHIEF)).status).toBe(200);
  });

  test('open a page to everybody in a wiki that is closed', async () => {
    expect(await read('Home', NOBODY)).toBe(401);
    const rule = { path: '', read: ['ANONYMOUS'] };
    const { etag = '' } = (await wiki.call('GET', '/policy', undefined, CHIEF)).headers;
    const all = await wiki.call('PUT', '/policy/rules', { rules: [rule] }, { ...CHIEF, 'if-match': etag });
    expect(all.status).toBe(200);
    // Whom a proxy does not name may do nothing all the same.
    expect(await read('Home', NOBODY)).toBe(401);
  });

  test.each([
    [{ reed: ['ADMIN'] }, 'no right'],
    [{ read: ['admins'] }, 'names "admins"'],
    [{ read: ['user:nobody'] }, 'names "user:nobody"'],
    [{ read: ['group:'] }, 'names "group:"'],
    [{ read: null }, 'must be a list'],
    [{}, 'at least one right'],
    [{ read: 'ADMIN' }, 'must be a list'],
    [{ read: [1] }, 'must be a string'],
    [{ read: Array.from({ length: 101 }, (_, index) => `group:${index}`) }, 'at most 100'],
  ])('are refused when they cannot be meant: %j', async (rule, why) => {
    const { status, body } = await wiki.call('PUT', '/policy/rules/Home', rule, CHIEF);
    expect([status, body.error]).toEqual([422, expect.stringContaining(why)]);
    expect((await wiki.call('GET', '/policy', undefined, CHIEF)).body.revision).toBe(0);
  });

  test.each(['/policy/rules/a/../b', '/policy/rules/a%00', '/policy/rules/.git', '/policy/rules/%252e%252e'])(
    'have paths that pages can have: %s',
    async path => {
      const { status } = await wiki.call('PUT', path, { read: [] }, CHIEF);
      expect(status).toBe(422);
    },
  );

  test('that are replaced are those that were read', async () => {
    const rules = [{ path: 'A', read: ['ADMIN'] }];
    expect((await wiki.call('PUT', '/policy/rules', { rules }, CHIEF)).status).toBe(428);
    const { etag = '' } = (await wiki.call('GET', '/policy', undefined, CHIEF)).headers;
    await wiki.call('PUT', '/policy/rules/B', { read: ['ADMIN'] }, CHIEF);
    const stale = await wiki.call('PUT', '/policy/rules', { rules }, { ...CHIEF, 'if-match': etag });
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition_failed']);
    const any = await wiki.call('PUT', '/policy/rules', { rules }, { ...CHIEF, 'if-match': '*' });
    expect(any.body.rules).toEqual([{ path: 'a', read: ['ADMIN'] }]);
    const twice = { rules: [...rules, { path: 'a/', write: [] }] };
    expect((await wiki.call('PUT', '/policy/rules', twice, { ...CHIEF, 'if-match': '*' })).status).toBe(422);
  });

  test('that say what they said before change nothing', async () => {
    const rule = { read: ['group:staff'] };
    const first = await wiki.call('PUT', '/policy/rules/Team', rule, CHIEF);
    const again = await wiki.call('PUT', '/policy/rules/team.md', rule, CHIEF);
    expect(again.headers.etag).toBe(first.headers.etag);
    expect((await wiki.call('DELETE', '/policy/rules/Other', undefined, CHIEF)).status).toBe(404);
  });

  test('are at most 1,000, and two that are set at once are both kept', async () => {
    const rules = Array.from({ length: 1000 }, (_, index) => ({ path: `p${index}`, read: ['ADMIN'] }));
    const any = { ...CHIEF, 'if-match': '*' };
    expect((await wiki.call('PUT', '/policy/rules', { rules: rules.slice(2) }, any)).status).toBe(200);
    const both = await Promise.all(
      ['p0', 'p1'].map(path => wiki.call('PUT', `/policy/rules/${path}`, { read: ['ADMIN'] }, CHIEF)),
    );
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect((await wiki.call('GET', '/policy', undefined, CHIEF)).body.rules).toHaveLength(1000);
    const more = await wiki.call('PUT', '/policy/rules/one-more', { read: ['ADMIN'] }, CHIEF);
    expect([more.status, more.body.code]).toEqual([422, 'policy_invalid']);
  });
});

describe('the audit log', () => {
  test('tells who changed what, and nothing of what was refused or changed nothing', async () => {
    expect((await wiki.call('PUT', '/policy/rules/Home', { read: [] }, ANNA)).status).toBe(403);
    expect((await wiki.call('PUT', '/policy/rules/Home', { reed: [] }, CHIEF)).status).toBe(422);
    expect((await wiki.call('PUT', '/policy/rules/Home', { read: [] }, NOBODY)).status).toBe(401);
    expect(existsSync(join(wiki.folder, 'state'))).toBe(false);
    for (const _ of [1, 2]) await wiki.call('PUT', '/policy/rules/Home', { read: ['group:staff'] }, CHIEF);
    await wiki.call('PATCH', '/preferences', { HOME_PAGE: 'Home' }, CHIEF);
    const { entries } = (await wiki.call('GET', '/audit')).body;
    expect(entries).toMatchObject([
      { actor: 'proxy:chief@example.org', action: 'preferences.change', outcome: 'done' },
      { actor: 'proxy:chief@example.org', action: 'rule.put', subject: 'rule:home', outcome: 'done' },
    ]);
    expect(entries).toHaveLength(2);
  });
});

describe('who administers a part of the wiki', () => {
  beforeEach(async () => {
    const any = { ...CHIEF, 'if-match': '*' };
    const rules = [
      { path: '', write: ['ADMIN'] },
      { path: 'team', admin: ['user:anna@example.org'], write: ['group:staff'] },
      { path: 'other', read: ['ADMIN'] },
    ];
    await wiki.call('PUT', '/policy/rules', { rules }, any);
  });

  test('sees and changes the rules of that part, and no others', async () => {
    const seen = await wiki.call('GET', '/policy', undefined, ANNA);
    expect(seen.body.rules.map(({ path }: { path: string }) => path)).toEqual(['team']);
    const below = await wiki.call(
      'PUT',
      '/policy/rules/Team/Plans',
      { read: ['user:ben@example.org'] },
      ANNA,
    );
    expect([below.status, below.body.rules.length]).toEqual([200, 2]);
    for (const path of ['Other', 'Teams', 'Home']) {
      const refused = await wiki.call('PUT', `/policy/rules/${path}`, { read: ['ANONYMOUS'] }, ANNA);
      expect([path, refused.status]).toEqual([path, 403]);
      const removed = await wiki.call('DELETE', `/policy/rules/${path}`, undefined, ANNA);
      expect([path, removed.status]).toEqual([path, 403]);
    }
    const all = await wiki.call('PUT', '/policy/rules', { rules: [] }, { ...ANNA, 'if-match': '*' });
    expect(all.status).toBe(403);
    const areas = await wiki.call('PATCH', '/preferences', { READ_ACCESS: 'ANONYMOUS' }, ANNA);
    expect(areas.status).toBe(403);
  });

  test('is nobody else', async () => {
    for (const who of [BEN, proxied('eve')]) {
      expect((await wiki.call('GET', '/policy', undefined, who)).status).toBe(403);
      expect((await wiki.call('PUT', '/policy/rules/Team', { read: ['ANONYMOUS'] }, who)).status).toBe(403);
      expect((await wiki.call('PUT', '/policy/limits', { pages: 1 }, who)).status).toBe(403);
    }
    expect((await wiki.call('GET', '/policy', undefined, NOBODY)).status).toBe(401);
  });
});

describe('limits', () => {
  test('are set by operators only, and an existing page can still be edited', async () => {
    expect((await wiki.call('PUT', '/policy/limits', { pages: 2 }, CHIEF)).status).toBe(403);
    const set = await wiki.call('PUT', '/policy/limits', { pages: 2 });
    expect([set.status, set.body.limits]).toEqual([200, { pages: 2 }]);
    const refused = await wiki.call('PUT', '/pages/Third', { content: 'x' });
    expect([refused.status, refused.body.code]).toEqual([413, 'quota_pages']);
    await wiki.write('Home', 'changed');
    expect((await wiki.call('PUT', '/policy/limits', { pages: null })).body.limits).toEqual({});
    expect((await wiki.call('PUT', '/policy/limits', { pages: -1 })).status).toBe(422);
    expect((await wiki.call('PUT', '/pages/Third', { content: 'x' })).status).toBe(201);
  });
});

describe('preferences', () => {
  const value = (body: { preferences: { name: string }[] }, name: string) =>
    body.preferences.find(each => each.name === name);

  test('tell value, default and where the value comes from, and the policy wins', async () => {
    const env = { ...PROXY, COMMIT_MESSAGE: 'REQUIRED' };
    const other = await openWiki(env);
    const before = (await other.call('GET', '/preferences', undefined, ANNA)).body;
    expect(value(before, 'COMMIT_MESSAGE')).toMatchObject({
      type: 'choice',
      default: 'OPTIONAL',
      value: 'REQUIRED',
      source: 'environment',
      changeable: true,
    });
    expect(value(before, 'READ_ACCESS')).toMatchObject({ value: 'APPROVED', source: 'default' });
    expect(value(before, 'RETAIN_PAGE_NAME_CASE')).toMatchObject({ value: false, changeable: false });
    const change = { COMMIT_MESSAGE: 'OPTIONAL', READ_ACCESS: 'REGISTERED' };
    const after = (await other.call('PATCH', '/preferences', change, CHIEF)).body;
    expect(value(after, 'COMMIT_MESSAGE')).toMatchObject({ value: 'OPTIONAL', source: 'policy' });
    const back = (await other.call('PATCH', '/preferences', { COMMIT_MESSAGE: null }, CHIEF)).body;
    expect(value(back, 'COMMIT_MESSAGE')).toMatchObject({ value: 'REQUIRED', source: 'environment' });
    expect(value(back, 'READ_ACCESS')).toMatchObject({ value: 'REGISTERED', source: 'policy' });
  });

  test('hold from the next write on', async () => {
    await wiki.call('PATCH', '/preferences', { COMMIT_MESSAGE: 'REQUIRED' }, CHIEF);
    const silent = await wiki.call('PUT', '/pages/New', { content: 'x' }, ANNA);
    expect([silent.status, silent.body.code]).toEqual([422, 'commit_message_required']);
    const told = await wiki.call('PUT', '/pages/New', { content: 'x', commit_message: 'Why' }, ANNA);
    expect(told.status).toBe(201);
  });

  test.each([
    [{ RETAIN_PAGE_NAME_CASE: 'true' }, 'preference_fixed'],
    [{ WIKILINK_STYLE: '' }, 'preference_fixed'],
    [{ SITE_NAME: 'x' }, 'policy_invalid'],
    [{ constructor: 'x' }, 'policy_invalid'],
    [{ DEFAULT_COMMIT_MESSAGE: 'x'.repeat(501) }, 'policy_invalid'],
    [{ HOME_PAGE: 'a\0' }, 'policy_invalid'],
    [{ READ_ACCESS: 'EVERYBODY' }, 'body_invalid'],
    [{ COMMIT_MESSAGE: true }, 'body_invalid'],
  ])('are refused when they mean nothing: %j', async (change, code) => {
    const { status, body } = await wiki.call('PATCH', '/preferences', change, CHIEF);
    expect([status, body.code]).toEqual([422, code]);
  });

  test('are changed by no one but administrators', async () => {
    const refused = await wiki.call('PATCH', '/preferences', { READ_ACCESS: 'ANONYMOUS' }, BEN);
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
  });
});

describe('GET /api/v1/me', () => {
  test('says who one is, and what one may do in all and at a page', async () => {
    await wiki.call('PUT', '/policy/rules/Team', { write: [] }, CHIEF);
    const { body } = await wiki.call('GET', '/me?path=Team/Plans', undefined, ANNA);
    expect(body).toMatchObject({
      id: 'proxy:anna@example.org',
      author: { name: 'anna', email: 'anna@example.org' },
      scope: null,
      rights: { read: true, write: true, upload: false, admin: false },
      at: { path: 'Team/Plans', rights: { read: true, write: false, upload: false, admin: false } },
    });
    const key = await wiki.call('GET', '/me');
    expect(key.body).toMatchObject({ id: 'api-key', rights: { read: true, write: true, admin: true } });
    expect((await wiki.call('GET', '/me', undefined, NOBODY)).status).toBe(401);
  });
});

import { describe, expect, test } from 'vitest';
import { startIssuer } from '../auth/jwt/issuer.ts';
import { kittiwake } from '../support/cli.ts';
import { postgresForTest } from '../support/postgres.ts';
import { type Deployment, deploy } from './support/deployment.ts';
import { loadedFiles } from './support/loaded-files.ts';
import { movedClock } from './support/moved-clock.ts';
import { reaching } from './support/reaching.ts';
import type { OpenPlace } from './support/s3-place.ts';

const ANNA = { name: 'Anna', email: 'anna@example.org', password: 'correct horse battery' };
const BASIC = { authorization: `Basic ${Buffer.from(`${ANNA.email}:${ANNA.password}`).toString('base64')}` };
const NOBODY = { authorization: '' };
/** Of the template. */
const STALENESS_MS = 30_000;

/** What every cold write of a page loads. */
const HOT = /^(index|store|write)\.(mjs|script\.js)$/;

/** Users, tokens, rules, drafts and the audit log behind functions that are stopped whenever they have answered. */
export function stateContract(open: OpenPlace): void {
  describe('who comes in to the deployed API', () => {
    test('a user makes a token; a cold write with it asks for two objects and loads no database', async ctx => {
      const loaded = loadedFiles();
      const deployment = await deploy(ctx, open, { environment: loaded.environment });
      const { api, functions } = deployment;
      const { taskRoot } = functions.api.definition;
      const { headers } = await tokenOf(deployment);
      await functions.api.pool.recycle();
      loaded.take(taskRoot);
      const before = functions.api.network.requests.length;
      const made = await api.call('PUT', '/pages/Cold', { content: 'x' }, headers);
      expect([made.status, made.body.error]).toEqual([201, undefined]);
      const asked = keysSince(deployment, before);
      expect(asked.sort()).toEqual(['GetObject auth', 'GetObject ledger', 'PutObject ledger']);
      expect(loaded.take(taskRoot).filter(path => !HOT.test(path))).toEqual([]);
      expect((await api.call('GET', '/audit?action=token.', undefined, BASIC)).body.entries).toMatchObject([
        { action: 'token.create', outcome: 'done' },
      ]);
      expect(loaded.take(taskRoot).join(' ')).toContain('node_modules/better-sqlite3');
    });

    test('a token is asked for again beside a write, and refused when it was revoked elsewhere', async ctx => {
      const clock = movedClock();
      const deployment = await deploy(ctx, open, { environment: clock.environment });
      const { api, functions } = deployment;
      const { id, headers } = await tokenOf(deployment);
      const write = (n: number) => api.call('PUT', `/pages/Page-${n}`, { content: 'x' }, headers);
      expect((await write(1)).status).toBe(201);
      clock.pass(STALENESS_MS / 3);
      const before = functions.api.network.requests.length;
      expect([(await write(2)).status, underWay(deployment)]).toEqual([201, []]);
      expect(keysSince(deployment, before).sort()).toEqual(['GetObject auth', 'PutObject ledger']);
      await revokeElsewhere(deployment, id);
      clock.pass(STALENESS_MS + 1);
      const late = await write(3);
      expect([late.status, late.body.code]).toEqual([401, 'auth_invalid']);
      expect([await api.text('Page-3'), underWay(deployment)]).toEqual([undefined, []]);
    });

    test('nobody in particular reads what is open, sees nothing that a rule hides, and writes nothing', async ctx => {
      const deployment = await deploy(ctx, open);
      const { api, functions } = deployment;
      const { headers } = await tokenOf(deployment);
      await api.write('Team/Plan', 'the secret plan\n');
      const read = (path: string, as: Record<string, string>) =>
        api.call('GET', `/pages/${path}`, undefined, as);
      expect((await read('Home', NOBODY)).status).toBe(401);
      expect((await api.call('PATCH', '/preferences', { READ_ACCESS: 'ANONYMOUS' })).status).toBe(200);
      expect((await api.call('PUT', '/policy/rules/Team', { read: ['group:staff'] })).status).toBe(200);
      await functions.api.pool.recycle();
      const before = functions.api.network.requests.length;
      expect([await read('Home', NOBODY), await read('Team/Plan', NOBODY)]).toMatchObject([
        { status: 200 },
        { status: 404 },
      ]);
      const refused = await api.call('PUT', '/pages/Home', { content: 'x' }, NOBODY);
      expect([refused.status, refused.body.code]).toEqual([401, 'auth_missing']);
      expect((await api.call('GET', '/search?q=plan', undefined, NOBODY)).body.total).toBe(0);
      const written = keysSince(deployment, before).filter(each => !each.startsWith('GetObject'));
      expect(written.filter(each => each !== 'ListObjectsV2 ')).toEqual([]);
      expect(keysSince(deployment, before)).not.toContain('GetObject state');
      expect((await read('Team/Plan', headers)).status).toBe(200);
    });

    test('a token for all wikis, made by the key, reaches this one', async ctx => {
      const { api } = await deploy(ctx, open);
      const given = { name: 'Backup', rights: ['read'], all_wikis: true };
      const { status, body } = await api.call('POST', '/tokens', given);
      expect([status, body.all_wikis]).toEqual([201, true]);
      const headers = { authorization: `Bearer ${body.token}` };
      expect((await api.call('GET', '/pages', undefined, headers)).status).toBe(200);
    });

    test('JWTs of the issuer that is configured are understood', async ctx => {
      const issuer = await startIssuer();
      const environment = {
        KITTIWAKE_JWT_ISSUER: issuer.url,
        KITTIWAKE_JWT_AUDIENCE: 'wiki',
        KITTIWAKE_AUTH_ROLES_WRITE: 'staff',
      };
      const deployment = await deploy(ctx, open, { environment });
      const write = async (claims: Record<string, unknown>) => {
        const headers = { authorization: `Bearer ${issuer.token(claims)}` };
        const { status } = await deployment.api.call('PUT', '/pages/Home', { content: 'x' }, headers);
        return status;
      };
      expect(await write({ groups: ['READ'] })).toBe(403);
      expect(await write({ groups: ['READ', 'staff'], aud: 'another' })).toBe(401);
      expect(await write({ groups: ['READ', 'staff'] })).toBe(201);
      expect([issuer.asked, underWay(deployment)]).toEqual([1, []]);
    });

    test('a draft outlives the environment that saved it', async ctx => {
      const deployment = await deploy(ctx, open);
      const { api, functions } = deployment;
      const { headers } = await tokenOf(deployment);
      const draft = { content: 'half a gull' };
      expect((await api.call('PUT', '/drafts/Home', draft, headers)).status).toBe(201);
      await functions.api.pool.recycle();
      expect((await api.call('GET', '/drafts/Home', undefined, headers)).body).toMatchObject(draft);
      expect((await api.call('GET', '/drafts/Home')).status).toBe(404);
    });
  });
}

/** The same users in PostgreSQL. */
export function postgresContract(open: OpenPlace): void {
  test('users in PostgreSQL are found by a function that has just started, and none are in the bucket', async ctx => {
    const { url } = postgresForTest(ctx);
    const deployment = await deploy(ctx, open, { environment: { DATABASE_URL: url } });
    const { api, functions } = deployment;
    await tokenOf(deployment);
    await functions.api.pool.recycle();
    const given = { content: 'x' };
    expect((await api.call('PUT', '/pages/Cold', given, BASIC)).status).toBe(201);
    expect((await api.call('PUT', '/pages/Warm', given, BASIC)).status).toBe(201);
    expect((await deployment.runSchedule()).error).toBeUndefined();
    expect(keysSince(deployment, 0).filter(each => each.endsWith(' state'))).toEqual([]);
  });
}

/** The first user, who administers the wiki and has written its first page, and a token of that user. */
async function tokenOf({ api }: Deployment): Promise<{ id: string; headers: Record<string, string> }> {
  expect((await api.call('POST', '/users', ANNA)).status).toBe(201);
  expect((await api.call('PUT', '/pages/Home', { content: 'gull\n' }, BASIC)).status).toBe(201);
  const { status, body } = await api.call('POST', '/tokens', { name: 'Laptop', rights: ['write'] }, BASIC);
  expect([status, body.error]).toEqual([201, undefined]);
  return { id: body.id, headers: { authorization: `Bearer ${body.token}` } };
}

/** With the rights of who deploys, past the functions. */
async function revokeElsewhere({ place, bucket, uuid }: Deployment, id: string): Promise<void> {
  const args = ['token', 'revoke', id, '--store', `s3://${bucket}`, '--wiki', uuid];
  const { code, err } = await kittiwake(args, { env: reaching(place.endpoint, place.credentials) });
  if (code !== 0) throw new Error(`revoking failed: ${err}`);
}

/** What the API asked the bucket since then: the operation, and the first part of the key. */
function keysSince({ functions }: Deployment, before: number): string[] {
  const { requests } = functions.api.network;
  return requests.slice(before).map(({ operation, key }) => `${operation} ${key.split('/')[0]}`);
}

/** Requests that have no answer yet. */
function underWay({ functions }: Deployment): string[] {
  const { requests } = functions.api.network;
  return requests.filter(({ status }) => status === undefined).map(({ key }) => key);
}

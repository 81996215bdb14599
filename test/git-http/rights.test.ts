import { expect, onTestFinished, test } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createCallers } from '../auth/matrix/callers.ts';
import { RULES } from '../auth/matrix/operations.ts';
import { type Harness, openWiki } from '../http/harness.ts';

const AREAS = { READ_ACCESS: 'REGISTERED', WRITE_ACCESS: 'APPROVED', ATTACHMENT_ACCESS: 'ADMIN' };

/** What git asks first when it fetches, when it pushes, and when it tries its password. */
const REQUESTS = [
  ['GET', '/.git/info/refs', 'service=git-upload-pack'],
  ['GET', '/.git/info/refs', 'service=git-receive-pack'],
  ['POST', '/.git/git-receive-pack', ''],
] as const;

async function statuses(wiki: Harness, given: Readonly<Record<string, string>>): Promise<number[]> {
  const found: number[] = [];
  for (const [method, path, query] of REQUESTS) {
    const headers = { authorization: '', 'git-protocol': 'version=2', ...given };
    const request = { method, path, query, headers, body: Buffer.from('0000') };
    found.push((await wiki.service.app.handle(request)).status);
  }
  return found;
}

/** As git sends what callers of the API send. */
function asPassword({ authorization = '' }: Readonly<Record<string, string>>): Record<string, string> {
  const [, token] = /^Bearer (.*)$/.exec(authorization) ?? [];
  if (token === undefined) return { authorization };
  return { authorization: `Basic ${Buffer.from(`git:${token}`).toString('base64')}` };
}

test('who may fetch and push follows from areas, rules and tokens, whichever way they are sent', async () => {
  const clock = { aheadMs: 0 };
  const now = () => systemRuntime.now() + clock.aheadMs;
  const wiki = await openWiki(AREAS, onTestFinished, { ...systemRuntime, now });
  await wiki.write('docs/intro', 'text\n');
  // The first user of a wiki administers it, whatever is said.
  await wiki.call('POST', '/users', { name: 'The Other', email: 'other@example.org' });
  const callers = await createCallers(wiki, clock, onTestFinished);
  const table = async () => {
    const rows: Record<string, string> = {};
    for (const { column, headers } of callers) {
      const sent = { authorization: 'Bearer test-key', ...headers };
      const found = await statuses(wiki, asPassword(sent));
      expect(found, column).toEqual(await statuses(wiki, sent));
      rows[column] = found.join(' ');
    }
    return rows;
  };
  const open = {
    nobody: '401 401 401',
    'user, not approved': '200 403 200',
    approved: '200 200 200',
    'approved, may upload': '200 200 200',
    'approved, member of the team': '200 200 200',
    'approved, administers the team': '200 200 200',
    administrator: '200 200 200',
    'locked user': '401 401 401',
    operator: '200 200 200',
    'token: read': '200 403 403',
    'token: write': '200 200 200',
    'token: upload': '200 200 200',
    'token: admin': '200 200 200',
    'token: all, below docs': '200 200 200',
    'expired token': '401 401 401',
    'revoked token': '401 401 401',
    'token of another wiki': '403 403 403',
  };
  expect(await table()).toEqual(open);
  await wiki.call('PUT', '/policy/rules', { rules: RULES }, { 'if-match': '*' });
  await wiki.write('team/plans', 'text\n');
  expect(await table()).toEqual({
    ...open,
    'user, not approved': '403 403 200',
    approved: '403 403 200',
    'approved, may upload': '403 403 200',
    'token: all, below docs': '403 403 200',
  });
});

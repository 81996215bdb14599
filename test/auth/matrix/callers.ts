import type { Right } from '../../../src/auth/principal.ts';
import { type CleanUp, type Harness, openWiki } from '../../http/harness.ts';

/** Somebody who calls, as a column of the table. */
export interface Caller {
  column: string;
  headers: Record<string, string>;
  /** With a password, where a token is not the same. */
  own?: Record<string, string>;
}

/** Of one user, who is called `<name>@example.org`. */
interface UserKind {
  name: string;
  column: string;
  fields: object;
}

const PASSWORD = 'correct horse battery';

const USERS: readonly UserKind[] = [
  { name: 'registered', column: 'user, not approved', fields: { approved: false } },
  { name: 'approved', column: 'approved', fields: { approved: true } },
  { name: 'uploader', column: 'approved, may upload', fields: { approved: true, allow: ['upload'] } },
  { name: 'member', column: 'approved, member of the team', fields: { approved: true } },
  { name: 'delegate', column: 'approved, administers the team', fields: { approved: true } },
  { name: 'admin', column: 'administrator', fields: { approved: true, admin: true } },
  { name: 'locked', column: 'locked user', fields: { approved: true, admin: true } },
];

const ALL: readonly Right[] = ['read', 'write', 'upload', 'admin'];

/** All kinds of callers of one wiki. A token of all rights stands for its user: it costs no hashing for each request. */
export async function createCallers(
  wiki: Harness,
  clock: { aheadMs: number },
  cleanUp: CleanUp,
): Promise<Caller[]> {
  const users = new Map<string, Caller>();
  for (const kind of USERS) users.set(kind.name, await createUser(wiki, kind));
  const admin = users.get('admin')?.own ?? {};
  const locked = (await wiki.call('GET', '/users')).body.users.find(
    ({ email }: { email: string }) => email === 'locked@example.org',
  );
  await wiki.call('PATCH', `/users/${locked.id}`, { locked: true });
  const token = async (column: string, body: object): Promise<Caller> => {
    const { text } = await createToken(wiki, body, admin);
    return { column, headers: bearer(text) };
  };
  const expires = new Date(Date.now() + 3_600_000).toISOString();
  const expired = await token('expired token', { rights: ALL, expires });
  const revoked = await createToken(wiki, { rights: ALL }, admin);
  await wiki.call('DELETE', `/tokens/${revoked.id}`);
  const other = await openWiki({ KITTIWAKE_DATA: wiki.folder, KITTIWAKE_WIKI: 'other' }, cleanUp);
  const foreign = await createToken(other, { rights: ALL }, {});
  const tokens = [
    await token('token: read', { rights: ['read'] }),
    await token('token: write', { rights: ['write'] }),
    await token('token: upload', { rights: ['upload'] }),
    await token('token: admin', { rights: ['admin'] }),
    await token('token: all, below docs', { rights: ALL, prefix: 'docs' }),
  ];
  clock.aheadMs = 2 * 3_600_000;
  return [
    { column: 'nobody', headers: { authorization: '' } },
    ...users.values(),
    { column: 'operator', headers: {} },
    ...tokens,
    expired,
    { column: 'revoked token', headers: bearer(revoked.text) },
    { column: 'token of another wiki', headers: bearer(foreign.text) },
  ];
}

async function createUser(wiki: Harness, { name, column, fields }: UserKind): Promise<Caller> {
  const email = `${name}@example.org`;
  const body = { name: `The ${name}`, email, password: PASSWORD, ...fields };
  const made = await wiki.call('POST', '/users', body);
  if (made.status !== 201) throw new Error(`${name}: ${JSON.stringify(made.body)}`);
  await wiki.call('PATCH', `/users/${made.body.id}`, { email_confirmed: true });
  const own = { authorization: `Basic ${Buffer.from(`${email}:${PASSWORD}`).toString('base64')}` };
  const { text } = await createToken(wiki, { rights: ALL }, own);
  return { column, headers: bearer(text), own };
}

async function createToken(
  wiki: Harness,
  body: object,
  headers: Record<string, string>,
): Promise<{ text: string; id: string }> {
  const { status, body: made } = await wiki.call('POST', '/tokens', { name: 'Matrix', ...body }, headers);
  if (status !== 201) throw new Error(JSON.stringify(made));
  return { text: made.token, id: made.id };
}

function bearer(text: string): Record<string, string> {
  return { authorization: `Bearer ${text}` };
}

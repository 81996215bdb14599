import type { PasswordWish, User } from '../../auth/user/user.ts';
import type { SavedUser, UserAdministration } from '../../auth/user/user-administration.ts';
import { conform, present, receive } from '../body.ts';
import { bodyInvalid } from '../errors.ts';
import { matchedRevision } from '../if-match.ts';
import type { MailServices } from '../mail-services.ts';
import { type HttpResponse, json } from '../message.ts';
import { queryLimit } from '../paging.ts';
import type { Context } from '../route.ts';
import * as schemas from '../schemas/users.ts';
import { answer } from '../write.ts';

export async function createUser(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const body = conform(raw, schemas.createUser, {
    absent: "Request body must include 'name' and 'email' fields",
  });
  const { name, email, approved, admin, allow } = body;
  const rights = present({ isApproved: approved, isAdmin: admin, allow });
  const administration = await administrationOf(context);
  const saved = await administration.create({ name, email, ...rights, password: wishOf(body) });
  await (await mailsOf(context)).tellCreated(saved.user);
  return savedAnswer(201, saved);
}

export async function listUsers(context: Context): Promise<HttpResponse> {
  const { query } = context;
  const cursor = query.get('cursor') || undefined;
  const page = await (await administrationOf(context)).list({ cursor, limit: limitOf(context) });
  const { users, nextCursor } = page;
  return answer({
    users: users.map(userBody),
    ...(nextCursor === undefined ? {} : { next_cursor: nextCursor }),
  });
}

export async function readUser(context: Context): Promise<HttpResponse> {
  return userAnswer(await (await administrationOf(context)).read(idOf(context)));
}

export async function updateUser(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const absent = 'Request body must name at least one field to change';
  const body = conform(raw, schemas.updateUser, { absent });
  const { approved, admin, locked, email_confirmed: confirmed, name, email, allow } = body;
  const flags = { isApproved: approved, isAdmin: admin, isLocked: locked, isEmailConfirmed: confirmed };
  const change = present({ name, email, allow, ...flags });
  const administration = await administrationOf(context);
  const isApproving = approved === true && !(await administration.read(idOf(context))).isApproved;
  const user = await administration.update(idOf(context), change, expectedOf(context));
  if (isApproving) await (await mailsOf(context)).tellApproved(user);
  return userAnswer(user);
}

export async function setPassword(context: Context): Promise<HttpResponse> {
  const absent = "Request body must include 'password', 'generate_password' or 'remove_password'";
  const wish = wishOf(conform(await receive(context), schemas.setPassword, { absent }));
  if (wish === undefined) throw bodyInvalid(absent);
  return savedAnswer(200, await (await administrationOf(context)).setPassword(idOf(context), wish));
}

export async function deleteUser(context: Context): Promise<HttpResponse> {
  const id = idOf(context);
  await (await administrationOf(context)).remove(id, expectedOf(context));
  return answer({ deleted: true, id });
}

export async function updateMe(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const absent = "Request body must include 'name' or 'password' field";
  const { name, password, current_password: current } = conform(raw, schemas.updateMe, { absent });
  const next = password ?? undefined;
  if (next !== undefined && typeof current !== 'string') {
    throw bodyInvalid('Missing required field: current_password');
  }
  const change = next === undefined ? {} : { password: { current: current ?? '', next } };
  const account = await context.services.account();
  return userAnswer(await account.update({ ...present({ name }), ...change }));
}

interface Passwords {
  password?: string | null;
  password_hash?: string | null;
  generate_password?: boolean | null;
  remove_password?: boolean | null;
}

/** @throws KittiwakeError `body_invalid` for more than one */
function wishOf(body: Passwords): PasswordWish | undefined {
  const wishes: PasswordWish[] = [];
  if (typeof body.password === 'string') wishes.push({ kind: 'given', password: body.password });
  if (typeof body.password_hash === 'string') wishes.push({ kind: 'hash', hash: body.password_hash });
  if (body.generate_password) wishes.push({ kind: 'generated' });
  if (body.remove_password) wishes.push({ kind: 'none' });
  if (wishes.length > 1) throw bodyInvalid('Request body must say only once what the password is to be');
  return wishes[0];
}

async function mailsOf({ services }: Context): Promise<MailServices> {
  return await (await services.projections()).mails();
}

function administrationOf({ services }: Context): Promise<UserAdministration> {
  return services.users();
}

/** An id that is none is that of nobody. */
function idOf({ params }: Context): string {
  return params.id ?? '';
}

function limitOf({ query }: Context): number | undefined {
  const limit = queryLimit(query) ?? 0;
  return limit > 0 ? limit : undefined;
}

function expectedOf({ request }: Context): number | undefined {
  const expected = matchedRevision(request);
  return expected === 'any' ? undefined : expected;
}

function savedAnswer(status: number, { user, generated }: SavedUser): HttpResponse {
  const headers = { etag: etagOf(user), 'cache-control': 'no-store' };
  const shown = generated === undefined ? {} : { password: generated };
  return json(status, { ...userBody(user), ...shown }, headers);
}

function userAnswer(user: User): HttpResponse {
  return json(200, userBody(user), { etag: etagOf(user), 'cache-control': 'private, no-cache' });
}

function etagOf({ revision }: User): string {
  return `"${revision}"`;
}

function userBody(user: User): object {
  const { id, name, email, allow, firstSeenMs, lastSeenMs, lockedMs } = user;
  return {
    id,
    name,
    email,
    email_confirmed: user.isEmailConfirmed,
    has_password: user.hasPassword,
    approved: user.isApproved,
    admin: user.isAdmin,
    allow,
    first_seen: timeText(firstSeenMs),
    last_seen: lastSeenMs === undefined ? null : timeText(lastSeenMs),
    locked: lockedMs === undefined ? null : timeText(lockedMs),
  };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}

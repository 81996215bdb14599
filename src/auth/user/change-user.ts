import { adminUnapproved } from './errors.ts';
import { FLAGS, type Flag, type NewUser, type User, type UserChange } from './user.ts';
import { checkedEmail, checkedName } from './user-rules.ts';

/** @throws KittiwakeError `user_invalid` */
export function newUser(wish: NewUser, given: { id: string; nowMs: number; isFirst: boolean }): User {
  const { id, nowMs, isFirst } = given;
  const isAdmin = isFirst || wish.isAdmin === true;
  if (isAdmin && !isFirst && wish.isApproved === false) throw adminUnapproved();
  return {
    id,
    revision: 1,
    name: checkedName(wish.name),
    email: checkedEmail(wish.email),
    isEmailConfirmed: true,
    hasPassword: wish.password !== undefined && wish.password.kind !== 'none',
    isApproved: isAdmin || wish.isApproved !== false,
    isAdmin,
    allow: ordered(wish.allow ?? []),
    firstSeenMs: nowMs,
  };
}

/**
 * The user after a change; the same object when that changes nothing.
 * @throws KittiwakeError `user_invalid`
 */
export function changedUser(user: User, change: UserChange, nowMs: number): User {
  const isAdmin = change.isAdmin ?? user.isAdmin;
  if (isAdmin && change.isApproved === false) throw adminUnapproved();
  const { lockedMs: lockedBefore, ...rest } = user;
  const isLocked = change.isLocked ?? lockedBefore !== undefined;
  const changed: User = {
    ...rest,
    name: change.name === undefined ? user.name : checkedName(change.name),
    email: change.email === undefined ? user.email : checkedEmail(change.email),
    isEmailConfirmed: change.isEmailConfirmed ?? user.isEmailConfirmed,
    isApproved: isAdmin || (change.isApproved ?? user.isApproved),
    isAdmin,
    allow: change.allow === undefined ? user.allow : ordered(change.allow),
    ...(isLocked ? { lockedMs: lockedBefore ?? nowMs } : {}),
  };
  const isSame = Object.keys(describeChange(user, changed)).length === 0;
  return isSame ? user : { ...changed, revision: user.revision + 1 };
}

/** What differs, as the audit log has it: the new values, but of the name only that it did. */
export function describeChange(before: User, after: User): Readonly<Record<string, unknown>> {
  const detail: Record<string, unknown> = {};
  if (after.name !== before.name) detail.name = 'changed';
  if (after.email !== before.email) Object.assign(detail, { email: after.email, old_email: before.email });
  if (after.isEmailConfirmed !== before.isEmailConfirmed) detail.email_confirmed = after.isEmailConfirmed;
  if (after.isApproved !== before.isApproved) detail.approved = after.isApproved;
  if (after.isAdmin !== before.isAdmin) detail.admin = after.isAdmin;
  if (after.allow.join() !== before.allow.join()) detail.allow = after.allow;
  const isLocked = after.lockedMs !== undefined;
  if (isLocked !== (before.lockedMs !== undefined)) detail.locked = isLocked;
  return detail;
}

/** True for a user that the wiki can be administered by. */
export function isActiveAdmin({ isAdmin, lockedMs }: User): boolean {
  return isAdmin && lockedMs === undefined;
}

function ordered(flags: readonly Flag[]): Flag[] {
  return FLAGS.filter(flag => flags.includes(flag));
}

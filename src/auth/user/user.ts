import type { Principal, Right } from '../principal.ts';

/** A right that a user is given beyond what the areas of the wiki are open for. */
export type Flag = Exclude<Right, 'admin'>;

export const FLAGS = ['read', 'write', 'upload'] as const satisfies readonly Flag[];

/** A user as administrators see it; nothing of the password but whether there is one. */
export interface User {
  /** 32 hex digits. */
  id: string;
  /** Rises by one with each change. */
  revision: number;
  name: string;
  /** As it was given. Two users never have the same, whatever the case. */
  email: string;
  /** False: rules that name the address do not mean this user. */
  isEmailConfirmed: boolean;
  hasPassword: boolean;
  /** False: the user counts as REGISTERED, and `allow` is without effect. */
  isApproved: boolean;
  isAdmin: boolean;
  allow: readonly Flag[];
  firstSeenMs: number;
  /** To the day. Absent: never logged in. */
  lastSeenMs?: number;
  /** Since when neither password nor tokens of the user are accepted. Absent: they are. */
  lockedMs?: number;
}

export interface NewUser {
  name: string;
  email: string;
  /** Default: none, the user cannot log in by password. */
  password?: PasswordWish | undefined;
  /** Default true, as who creates users is an administrator. */
  isApproved?: boolean | undefined;
  /** Default false; the first user is one in any case. */
  isAdmin?: boolean | undefined;
  /** Default: none. */
  allow?: readonly Flag[] | undefined;
}

/** What the password is to be. `hash`: made before, by us or by Otterwiki; `generated`: told in the answer, once. */
export type PasswordWish =
  | { kind: 'given'; password: string }
  | { kind: 'hash'; hash: string }
  | { kind: 'generated' }
  | { kind: 'none' };

/** What is absent stays as it is. */
export interface UserChange {
  name?: string | undefined;
  email?: string | undefined;
  isEmailConfirmed?: boolean | undefined;
  isApproved?: boolean | undefined;
  isAdmin?: boolean | undefined;
  allow?: readonly Flag[] | undefined;
  isLocked?: boolean | undefined;
}

/** The caller that a user is; without regard to whether it is locked. */
export function principalOf(user: User): Principal {
  const { id, name, email, isApproved, isAdmin, allow, isEmailConfirmed } = user;
  const standing = isAdmin ? 'admin' : isApproved ? 'approved' : 'registered';
  return {
    id: ownerId(id),
    author: { name, email },
    standing,
    grants: standing === 'registered' ? [] : allow,
    names: isEmailConfirmed ? [`user:${emailKey(email)}`] : [],
  };
}

/** Of the principal, and of the owner of the user's tokens. */
export function ownerId(userId: string): string {
  return `user:${userId}`;
}

/** Of the user that an owner of tokens, or a principal, is. Undefined: it is none. */
export function userIdOf(id: string): string | undefined {
  return /^user:([0-9a-f]{32})$/.exec(id)?.[1];
}

/** An address as it is compared: NFC, lower case. */
export function emailKey(email: string): string {
  return email.normalize('NFC').toLowerCase();
}

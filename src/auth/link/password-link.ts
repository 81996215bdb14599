import { hashParts } from '../../core/bytes.ts';
import { emailKey } from '../user/user.ts';
import type { KeptUser } from '../user/user-rows.ts';
import { isSigned, type LinkSigning, payloadOf, signedToken } from './signed.ts';

const PURPOSE = 'password';
const USER_BYTES = 16;
const SECONDS_BYTES = 6;

/**
 * A token that sets the password of a user, once: it holds only as long as password and address are what they are now. Nothing of
 * it is stored.
 */
export function passwordToken(signing: LinkSigning, kept: KeptUser, expiresMs: number): string {
  const payload = Buffer.alloc(USER_BYTES + SECONDS_BYTES);
  payload.write(kept.user.id, 'hex');
  payload.writeUIntBE(Math.floor(expiresMs / 1000), USER_BYTES, SECONDS_BYTES);
  return signedToken(signing, PURPOSE, payload, bindingOf(kept));
}

/** The user that a token says it is for, which nobody has vouched for yet. */
export function userOfPasswordToken(token: string): string | undefined {
  const payload = payloadOf(token);
  return payload?.length === USER_BYTES + SECONDS_BYTES ? payload.toString('hex', 0, USER_BYTES) : undefined;
}

/** Whether the token may set the password of this user now. */
export function holdsPasswordToken(
  signing: LinkSigning,
  token: string,
  kept: KeptUser,
  nowMs: number,
): boolean {
  const payload = payloadOf(token);
  if (payload === undefined || userOfPasswordToken(token) !== kept.user.id) return false;
  if (kept.user.lockedMs !== undefined || !isSigned(signing, PURPOSE, token, bindingOf(kept))) return false;
  return payload.readUIntBE(USER_BYTES, SECONDS_BYTES) * 1000 > nowMs;
}

/** Without a password the revision stands for it: what an administrator changed since ends the link. */
function bindingOf({ user, passwordHash }: KeptUser): string {
  const secret = passwordHash ?? `none at revision ${user.revision}`;
  return hashParts(secret, emailKey(user.email));
}

import { sha256 } from '../../core/bytes.ts';
import { isSigned, type LinkSigning, payloadOf, signedToken } from './signed.ts';

const PURPOSE = 'unsubscribe';
const USER_BYTES = 16;
const PATH_BYTES = 8;
/** Of the watches that led to one mail; when there are more, the link ends all watches of the user. */
const MOST_PATHS = 16;

/** What a link to unsubscribe asks for. */
export interface Unsubscription {
  userId: string;
  /** Whether the watch of this path is to end. */
  isMeant(path: string): boolean;
}

/** A token that ends watches of a user. It holds for ever: all it does is to keep mails away. */
export function unsubscribeToken(signing: LinkSigning, userId: string, paths: readonly string[]): string {
  const hashes = paths.length > MOST_PATHS ? [] : paths.map(hashOf);
  return signedToken(signing, PURPOSE, Buffer.concat([Buffer.from(userId, 'hex'), ...hashes]));
}

/** Undefined: it is no such token, or not of this wiki. */
export function readUnsubscribeToken(signing: LinkSigning, token: string): Unsubscription | undefined {
  const payload = payloadOf(token);
  if (payload === undefined || !isSigned(signing, PURPOSE, token)) return undefined;
  const hashes = new Set<string>();
  for (let at = USER_BYTES; at < payload.length; at += PATH_BYTES) {
    hashes.add(payload.toString('hex', at, at + PATH_BYTES));
  }
  return {
    userId: payload.toString('hex', 0, USER_BYTES),
    isMeant: path => hashes.size === 0 || hashes.has(hashOf(path).toString('hex')),
  };
}

function hashOf(path: string): Buffer {
  return sha256(path).subarray(0, PATH_BYTES);
}

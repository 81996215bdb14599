import { hashParts } from '../../core/bytes.ts';

/** What a link is signed with and for. */
export interface LinkSigning {
  /** Of the server, for links in mails. */
  secret: string;
  /** Of the wiki: a link holds in no other one. */
  wikiId: string;
}

const MAC_BYTES = 32;
/** A token that is longer is none. */
const MOST_CHARACTERS = 600;

/**
 * A token for a link in a mail: the payload, which everybody can read, and its HMAC-SHA256.
 * @param purpose for which alone it holds
 * @param binding what has to be as it is now for the token to hold
 */
export function signedToken(signing: LinkSigning, purpose: string, payload: Buffer, binding = ''): string {
  return Buffer.concat([payload, macOf(signing, purpose, payload, binding)]).toString('base64url');
}

/** The payload of a token, which nobody has vouched for yet. Undefined: it is no token. */
export function payloadOf(token: string): Buffer | undefined {
  if (token.length > MOST_CHARACTERS || !/^[\w-]+$/.test(token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  return bytes.length > MAC_BYTES ? bytes.subarray(0, -MAC_BYTES) : undefined;
}

/** Whether the token is one that {@link signedToken} has made of the same. */
export function isSigned(signing: LinkSigning, purpose: string, token: string, binding = ''): boolean {
  const payload = payloadOf(token);
  if (payload === undefined) return false;
  const mac = Buffer.from(token, 'base64url').subarray(-MAC_BYTES);
  const { timingSafeEqual } = process.getBuiltinModule('node:crypto');
  return timingSafeEqual(mac, macOf(signing, purpose, payload, binding));
}

function macOf({ secret, wikiId }: LinkSigning, purpose: string, payload: Buffer, binding: string): Buffer {
  const { createHmac } = process.getBuiltinModule('node:crypto');
  const signed = hashParts('kittiwake link 1', purpose, wikiId, payload, binding);
  return createHmac('sha256', secret).update(signed).digest();
}

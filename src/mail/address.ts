import { addressInvalid } from './errors.ts';

/** A sender: the name may be empty. */
export interface NamedAddress {
  name: string;
  address: string;
}

/** RFC 5321: 64 before the `@`, 254 in all. */
const MAX_LOCAL = 64;
const MAX_ADDRESS = 254;
const MAX_NAME = 100;

/** No quotes, no comments, no white space, nothing that another parser would take for the end of an address. */
const LOCAL_PART = /^[^\p{C}\p{Z}<>()[\]{}",:;\\@]+$/u;
const DOMAIN = /^[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}-]*(?:\.[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}-]*)*$/u;

/**
 * One address without a name, looked at before any parser sees it: of what may be one there is nothing to parse. Takes time in
 * proportion to the 254 characters that it may have, whatever it is given.
 * @throws KittiwakeError `mail_refused`
 */
export function checkedAddress(text: string): string {
  if (text.length > MAX_ADDRESS) throw addressInvalid(text);
  const at = text.indexOf('@');
  const [local, domain] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  const isAddress = local.length <= MAX_LOCAL && LOCAL_PART.test(local) && DOMAIN.test(domain);
  if (!isAddress || local.startsWith('-')) throw addressInvalid(text);
  return text;
}

/**
 * An address with or without a name: `wiki@example.org`, `The wiki <wiki@example.org>`.
 * @throws KittiwakeError `mail_refused`
 */
export function namedAddress(text: string): NamedAddress {
  if (text.length > MAX_ADDRESS + MAX_NAME + 3) throw addressInvalid(text);
  const open = text.endsWith('>') ? text.indexOf('<') : -1;
  if (open < 0) return { name: '', address: checkedAddress(text.trim()) };
  const name = text
    .slice(0, open)
    .trim()
    .replace(/^"(.*)"$/, '$1');
  if (name.length > MAX_NAME || /\p{Cc}/u.test(name)) throw addressInvalid(text);
  return { name, address: checkedAddress(text.slice(open + 1, -1)) };
}

/** The part after the `@`, which tells nothing of the person. */
export function domainOf(address: string): string {
  return address.slice(address.indexOf('@') + 1);
}

import { literalOf, mayReach, type Ranges } from '../../net/addresses.ts';
import { EVENT_TYPES } from '../event/event-types.ts';
import type { WikiEventType } from '../event/wiki-event.ts';
import { webhookInvalid } from './errors.ts';

const MAX_URL_CHARACTERS = 2_000;
const MAX_PREFIX_CHARACTERS = 1_000;
const MAX_DESCRIPTION_CHARACTERS = 200;
/** The Standard Webhooks specification: 24 to 64 bytes. */
const SECRET_BYTES = { least: 24, most: 64 };

/**
 * The URL as it is kept.
 * @throws KittiwakeError `webhook_invalid`
 */
export function checkUrl(text: string, allowed: Ranges): string {
  if (text.length > MAX_URL_CHARACTERS)
    throw webhookInvalid(`"url" has more than ${MAX_URL_CHARACTERS} characters`);
  const url = URL.parse(text);
  const problem = url === null ? 'it is none' : urlProblem(url, allowed);
  if (url === null || problem !== undefined) {
    throw webhookInvalid(`"url" must be a URL of https or http that others may reach: ${problem}`);
  }
  url.hash = '';
  return url.href;
}

/** What is wrong with a URL to send to, as far as that shows before names are looked up. */
export function urlProblem(
  { protocol, username, password, hostname }: URL,
  allowed: Ranges,
): string | undefined {
  if (protocol !== 'https:' && protocol !== 'http:') return `its scheme is "${protocol}"`;
  if (username !== '' || password !== '') return 'it has a user name or a password';
  if (hostname === '') return 'it has no host';
  return literalProblem(hostname, allowed);
}

/** @throws KittiwakeError `webhook_invalid` */
export function checkTypes(types: readonly string[]): readonly WikiEventType[] {
  const known: readonly string[] = EVENT_TYPES;
  const unknown = types.find(type => !known.includes(type));
  if (unknown !== undefined) {
    throw webhookInvalid(`"events" holds ${JSON.stringify(unknown)}, wanted of ${EVENT_TYPES.join(', ')}`);
  }
  return EVENT_TYPES.filter(type => types.includes(type));
}

/** Without slashes at its ends. @throws KittiwakeError `webhook_invalid` */
export function checkPrefix(prefix: string): string {
  if (prefix.length > MAX_PREFIX_CHARACTERS || /\p{Cc}/u.test(prefix)) {
    throw webhookInvalid(`"prefix" must be a path of up to ${MAX_PREFIX_CHARACTERS} characters`);
  }
  return prefix.split('/').filter(Boolean).join('/');
}

/** @throws KittiwakeError `webhook_invalid` */
export function checkDescription(text: string): string {
  if (text.length > MAX_DESCRIPTION_CHARACTERS || /\p{Cc}/u.test(text)) {
    throw webhookInvalid(`"description" must be a line of up to ${MAX_DESCRIPTION_CHARACTERS} characters`);
  }
  return text;
}

/** @throws KittiwakeError `webhook_invalid` */
export function checkSecret(text: string): string {
  const { least, most } = SECRET_BYTES;
  const [, encoded = ''] = /^whsec_([A-Za-z0-9+/]{32,88}={0,2})$/.exec(text) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length < least || bytes.length > most || bytes.toString('base64') !== encoded) {
    throw webhookInvalid(`"secret" must be "whsec_" and the base64 of ${least} to ${most} bytes`);
  }
  return text;
}

/** What is wrong with a host of a URL that is an address and not a name. */
function literalProblem(hostname: string, allowed: Ranges): string | undefined {
  const literal = literalOf(hostname);
  if (literal === undefined || mayReach(literal, allowed)) return undefined;
  return `"${literal}" is no public address; KITTIWAKE_WEBHOOK_ALLOW opens others`;
}

import { isOneOf } from '../core/bytes.ts';
import type { Secrets } from '../core/config.ts';
import { originRefused } from '../http/errors.ts';
import { type HttpRequest, type HttpResponse, json } from '../http/message.ts';

/**
 * The refusal of a request that did not come through whoever stands in front of the function; undefined when it did, or nobody
 * does. The secret before counts, too, so that it can be replaced. A function URL can be called by everyone who knows it, so that limits and logs in front would bind nobody.
 */
export function refuseStranger(
  { headers }: HttpRequest,
  { originSecret, originSecretPrevious }: Pick<Secrets, 'originSecret' | 'originSecretPrevious'>,
): HttpResponse | undefined {
  if (originSecret === undefined) return undefined;
  if (isOneOf([originSecret, originSecretPrevious], headers['x-kittiwake-origin'] ?? '')) return undefined;
  const { code, message } = originRefused();
  return json(403, { error: message, code });
}

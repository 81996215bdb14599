import { sha256 } from '../core/bytes.ts';
import { originRefused } from '../http/errors.ts';
import { type HttpRequest, type HttpResponse, json } from '../http/message.ts';

/**
 * The refusal of a request that did not come through whoever stands in front of the function; undefined when it did, or nobody
 * does. A function URL can be called by everyone who knows it, so that limits and logs in front would bind nobody.
 */
export function refuseStranger(
  { headers }: HttpRequest,
  originSecret: string | undefined,
): HttpResponse | undefined {
  if (originSecret === undefined) return undefined;
  const { timingSafeEqual } = process.getBuiltinModule('node:crypto');
  if (timingSafeEqual(sha256(headers['x-kittiwake-origin'] ?? ''), sha256(originSecret))) return undefined;
  const { code, message } = originRefused();
  return json(403, { error: message, code });
}

import { isOneOf } from '../../core/bytes.ts';
import type { Secrets } from '../../core/config.ts';

/** Whether a request came through whoever stands in front and knows the origin secret. Never, where there is none. */
export function isThroughDoor(
  headers: Readonly<Record<string, string>>,
  { originSecret, originSecretPrevious }: Pick<Secrets, 'originSecret' | 'originSecretPrevious'>,
): boolean {
  const sent = headers['x-kittiwake-origin'];
  if (originSecret === undefined || sent === undefined) return false;
  return isOneOf([originSecret, originSecretPrevious], sent);
}

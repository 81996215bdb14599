import { KittiwakeError } from '../../core/errors.ts';

/** Caches show what they have until it is too old: 60 seconds for pages. */
export function invalidationFailed(distribution: string, cause: unknown): KittiwakeError {
  const why = cause instanceof Error ? cause.name : String(cause);
  return new KittiwakeError(
    'invalidation_failed',
    `Telling the distribution "${distribution}" what has changed: ${why}`,
    { data: { distribution }, cause },
  );
}

/** The page is in the wiki and nowhere on the site. */
export function siteAddressUnusable(file: string): KittiwakeError {
  return new KittiwakeError(
    'site_address_unusable',
    `Publishing ${JSON.stringify(file)}: its address is too long, or one that the site has for itself`,
    { data: { file } },
  );
}

import { crossSite } from '../auth/errors.ts';

/**
 * Refuses what pages of unknown sites ask: a name that was made to point at this server would otherwise let them in, under which
 * `Host` and `Origin` agree. Programs send no Origin.
 * @param taken origins besides those of this machine
 * @throws KittiwakeError `cross_site`
 */
export function checkOrigin(origin: string | undefined, taken: readonly string[]): void {
  if (origin === undefined || taken.includes(origin)) return;
  const url = URL.parse(origin);
  const isHere = url?.origin === origin && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (!isHere) throw crossSite();
}

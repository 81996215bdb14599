import type { Runtime } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { indexed, type TokenRecord, tokenFormat, tokenKey, wikiPrefix } from './token.ts';

const DAY_MS = 24 * 3600 * 1000;
/** So long a token that was revoked, or has expired, can still be looked at. */
const KEPT_MS = 30 * DAY_MS;
/** A note whose token is not there may be that of one that is just being made. */
const MAKING_MS = DAY_MS;

/**
 * Removes the tokens of a wiki, and those for all wikis, that ended a month ago, and notes of tokens that never came to be. The
 * token goes before its note, so that what is left when the process ends in between is found again.
 * @returns how many notes were removed
 */
export async function sweepTokens(
  store: ByteStore,
  { wiki, runtime }: { wiki: string; runtime: Pick<Runtime, 'now'> },
): Promise<number> {
  const nowMs = runtime.now();
  let removed = 0;
  for (const prefix of [wikiPrefix(wiki), wikiPrefix('*')]) {
    let after: string | undefined;
    for (let more = true; more; ) {
      const page = await store.list(prefix, after === undefined ? {} : { after });
      for (const { key, modifiedMs } of page.objects) {
        if (modifiedMs > nowMs - MAKING_MS || !(await isOver(store, key, nowMs))) continue;
        const hash = indexed(key)?.hash;
        if (hash !== undefined) await store.delete([tokenKey(hash)]);
        await store.delete([key]);
        removed += 1;
      }
      after = page.objects.at(-1)?.key;
      more = page.more;
    }
  }
  return removed;
}

async function isOver(store: ByteStore, key: string, nowMs: number): Promise<boolean> {
  const hash = indexed(key)?.hash;
  const found = hash === undefined ? undefined : await store.get(tokenKey(hash));
  if (found?.kind !== 'found') return true;
  return endOf(tokenFormat.decode(found.bytes).body) < nowMs - KEPT_MS;
}

function endOf({ revokedMs, expiresMs }: TokenRecord): number {
  return Math.min(revokedMs ?? Number.POSITIVE_INFINITY, expiresMs ?? Number.POSITIVE_INFINITY);
}

import { isKittiwakeError } from '../core/errors.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import { wikiExists, wikiLost, wikiNotNamed } from './creation-errors.ts';
import type { Environment } from './environment.ts';
import { identify, isUuid, nameKey } from './wiki-id.ts';

/**
 * Gives birth to the configured wiki and returns its uuid. Of several processes that do so at once one succeeds. What a
 * process that died halfway left behind is completed.
 * @throws KittiwakeError `wiki_exists`; `wiki_lost` when there are packs, or older ledgers are kept, but no ledger
 */
export async function createWiki(environment: Environment, store: ByteStore): Promise<string> {
  const { config, runtime } = environment;
  const { createLedger } = await import('../git/open.ts');
  const uuid = isUuid(config.wiki) ? config.wiki : await nameWiki(environment, store);
  const packs = await store.list(`packs/${uuid}/`, { limit: 1 });
  const ledger = await store.list(`ledger/${uuid}`, { limit: 1 });
  if (ledger.objects.length > 0) throw wikiExists(store.location, uuid);
  if (packs.objects.length > 0 || (await keepsLedger(store, uuid))) throw wikiLost(store.location, uuid);
  try {
    await createLedger({ store, uuid, runtime });
  } catch (error) {
    throw isKittiwakeError(error, 'object_exists') ? wikiExists(store.location, uuid) : error;
  }
  return uuid;
}

/** Whether an older ledger can be had back: commits may be in it although they were never in a pack. */
async function keepsLedger(store: ByteStore, uuid: string): Promise<boolean> {
  try {
    for await (const { isDeleted } of store.versions?.(`ledger/${uuid}`) ?? []) if (!isDeleted) return true;
  } catch {
    // To list versions needs a permission that nothing else needs, and not every server knows it.
  }
  return false;
}

/** The uuid that the name has, given to it now if it has none. */
async function nameWiki({ config, runtime }: Environment, store: ByteStore): Promise<string> {
  const [{ randomId }, { firstRecord }] = await Promise.all([
    import('../core/runtime.ts'),
    import('../tenant/tenant-record.ts'),
  ]);
  const key = nameKey(config.wiki);
  const known = await identify(store, config.wiki);
  if (known !== undefined) return known;
  const record = firstRecord({ uuid: randomId(runtime), nonce: randomId(runtime), nowMs: runtime.now() });
  const outcome = await store.put(key, record, { ifAbsent: true });
  const uuid = await identify(store, config.wiki);
  if (uuid === undefined) throw wikiNotNamed(store.location, key, outcome.kind);
  return uuid;
}

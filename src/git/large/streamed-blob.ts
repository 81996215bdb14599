import type { Runtime } from '../../core/runtime.ts';
import { randomId } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { packCollected } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { packKey } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';
import type { PackStore } from '../view/pack-store.ts';
import { ENTRY_OFFSET, packBlob } from './blob-pack.ts';
import type { StoredBlob, StreamedBlob } from './large.ts';

/** What large files need of a repository. */
export interface LargeHost {
  readonly uuid: string;
  readonly store: ByteStore;
  readonly runtime: Runtime;
  readonly packs: PackStore;
  ledger(maxAgeMs?: number): Promise<Ledger>;
}

/**
 * Writes a blob of known size into a pack of its own, in constant memory.
 * @param content called once, and again should a collection take the pack before it is committed; undefined: it cannot be
 * had again
 * @throws what the content throws; KittiwakeError `upload_differs`, those of {@link ByteStore.upload}
 */
export async function storeBlob(
  host: LargeHost,
  size: number,
  content: () => AsyncIterable<Uint8Array> | undefined,
): Promise<StreamedBlob> {
  const { oid, stored } = await writePack(host, size, content() ?? nothing());
  return {
    oid,
    size,
    stored,
    async renew(before, ledger) {
      const { pack } = before.place;
      const condemned = ledger.condemned.some(each => each.name === pack);
      // Names that were condemned and forgotten are gone: what is still there never was condemned.
      if (!condemned && (await isThere(host, pack))) return { ...before, collections: ledger.collections };
      const again = content();
      if (!again) throw packCollected();
      return (await writePack(host, size, again)).stored;
    },
  };
}

async function writePack(
  host: LargeHost,
  size: number,
  content: AsyncIterable<Uint8Array>,
): Promise<{ oid: Oid; stored: StoredBlob }> {
  const { collections } = await host.ledger();
  const name = `pack-${randomId(host.runtime)}`;
  const pack = packBlob(size, content);
  await host.store.upload(packKey(host.uuid, name, 'pack'), pack.chunks);
  const { oid, bytes, entryBytes, index } = pack.made();
  await host.packs.write(name, 'idx', [index]);
  const place = { pack: name, offset: ENTRY_OFFSET, length: entryBytes };
  return { oid, stored: { place, packBytes: bytes, collections } };
}

async function isThere({ store, uuid }: LargeHost, name: string): Promise<boolean> {
  const wanted = [packKey(uuid, name, 'idx'), packKey(uuid, name, 'pack')];
  const { objects } = await store.list(`packs/${uuid}/${name}.`);
  return wanted.every(key => objects.some(object => object.key === key));
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

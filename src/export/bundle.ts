import { createHash } from 'node:crypto';
import { packJournal } from '../git/flush/flush-pack.ts';
import { type Ledger, MAIN_REF, type PackRef } from '../git/ledger/ledger.ts';
import { OidSet } from '../git/object/oid-set.ts';
import type { LedgerRepository } from '../git/open.ts';
import { PACK_HEADER_BYTES } from '../git/pack/pack-entry.ts';
import { PackIndex } from '../git/pack/pack-index.ts';
import type { LedgerView } from '../git/view/view.ts';
import { type CopiedPack, copyEntries, NewOffsets } from './copy-entries.ts';
import { exportEmpty } from './errors.ts';

/**
 * The wiki with its whole history as a git bundle (gitformat-bundle(5), version 2): all refs, and one pack of all packs, of whose entries
 * each object's first is copied as it lies. In memory are about 50 bytes an object, and the newest commits that are in no pack yet.
 * @throws KittiwakeError `export_empty` without a commit, `pack_missing`
 */
export async function* bundleChunks(repository: LedgerRepository): AsyncGenerator<Uint8Array> {
  const view = await repository.view({ maxAgeMs: 0 });
  const { ledger } = view;
  const head = ledger.refs[MAIN_REF];
  if (head === undefined) throw exportEmpty();
  yield bundleHeader(ledger, head);
  const packs = await packsOf(repository, view);
  const oids = new OidSet();
  for (const { index } of packs) for (const oid of index.oids()) oids.add(oid);
  const sha = createHash('sha1');
  const header = packHeader(oids.size);
  sha.update(header);
  yield header;
  const offsets = new NewOffsets(oids);
  for (const pack of packs) {
    for await (const chunk of copyEntries(pack, offsets)) {
      sha.update(chunk);
      yield chunk;
    }
  }
  yield sha.digest();
}

function bundleHeader({ refs }: Ledger, head: string): Buffer {
  const lines = Object.entries(refs).map(([name, oid]) => `${oid} ${name}\n`);
  return Buffer.from(`# v2 git bundle\n${lines.sort().join('')}${head} HEAD\n\n`);
}

function packHeader(count: number): Buffer {
  const header = Buffer.alloc(PACK_HEADER_BYTES);
  header.write('PACK', 0, 'latin1');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(count, 8);
  return header;
}

async function packsOf(repository: LedgerRepository, view: LedgerView): Promise<CopiedPack[]> {
  const { ledger } = view;
  const packs: CopiedPack[] = [];
  for (const ref of [...ledger.packs, ...view.largePacks()]) packs.push(await storedPack(repository, ref));
  if (!ledger.journal.last()) return packs;
  const { pack, index } = (await packJournal(ledger, view.treeSource, repository)).finish();
  const bytes = Buffer.concat(pack);
  const read = async (start: number, end: number) => bytes.subarray(start, end);
  return [...packs, { index: PackIndex.parse(index), bytes: bytes.length, read }];
}

async function storedPack({ packs }: LedgerRepository, ref: PackRef): Promise<CopiedPack> {
  const read = (start: number, end: number) => packs.read(ref.name, 'pack', start, end);
  return { index: await packs.index(ref), bytes: ref.bytes, read };
}

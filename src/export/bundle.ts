import { type Ledger, MAIN_REF } from '../git/ledger/ledger.ts';
import type { LedgerRepository } from '../git/open.ts';
import { everything } from '../git/outgoing/outgoing.ts';
import { sourcePacks } from '../git/outgoing/source-pack.ts';
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
  yield* everything(await sourcePacks(repository, view)).chunks;
}

function bundleHeader({ refs }: Ledger, head: string): Buffer {
  const lines = Object.entries(refs).map(([name, oid]) => `${oid} ${name}\n`);
  return Buffer.from(`# v2 git bundle\n${lines.sort().join('')}${head} HEAD\n\n`);
}

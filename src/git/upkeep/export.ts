import { createHash } from 'node:crypto';
import type { Body } from '../../storage/byte-store.ts';
import { fileBroken } from '../errors.ts';
import { packJournal } from '../flush/flush-pack.ts';
import { MAIN_REF, packKey } from '../ledger/ledger.ts';
import type { LedgerRepository } from '../open.ts';

const READ_BYTES = 8 << 20;
const CHECKSUM_BYTES = 20;

/** A file of a bare repository: its path inside it, and its bytes in order. */
export interface ExportedFile {
  path: string;
  chunks: AsyncIterable<Uint8Array>;
}

/**
 * The wiki as a bare git repository (gitrepository-layout(5)), of one ledger version: its packs as they are, the journal as
 * one more, refs and HEAD. The caller writes the files and makes the empty folders `objects` and `refs`.
 * @throws KittiwakeError `pack_corrupt` at the end of a file whose checksum is wrong, `pack_missing`
 */
export async function* exportRepository(repository: LedgerRepository): AsyncGenerator<ExportedFile> {
  const view = await repository.view({ maxAgeMs: 0 });
  const { ledger } = view;
  yield text('HEAD', `ref: ${MAIN_REF}\n`);
  yield text('config', '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n');
  for (const pack of [...ledger.packs, ...view.largePacks()]) {
    yield {
      path: `objects/pack/${pack.name}.pack`,
      chunks: verifiedFile(repository, pack.name, 'pack', pack.bytes),
    };
    yield {
      path: `objects/pack/${pack.name}.idx`,
      chunks: verifiedFile(repository, pack.name, 'idx', pack.indexBytes),
    };
  }
  if (ledger.journal.last()) {
    const made = (await packJournal(ledger, view.treeSource, repository)).finish();
    yield { path: `objects/pack/pack-${made.sha}.pack`, chunks: pieces(made.pack) };
    yield { path: `objects/pack/pack-${made.sha}.idx`, chunks: pieces([made.index]) };
  }
  const refs = Object.entries(ledger.refs).map(([name, oid]) => `${oid} ${name}\n`);
  yield text('packed-refs', refs.sort().join(''));
}

/**
 * A stored pack or index, held against the SHA-1 that ends each: what is broken is not passed on.
 * @throws KittiwakeError `pack_corrupt`, `pack_missing`
 */
export async function* verifiedFile(
  repository: LedgerRepository,
  name: string,
  extension: 'pack' | 'idx',
  bytes: number,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha1');
  const end = bytes - CHECKSUM_BYTES;
  for (let start = 0; start < end; start += READ_BYTES) {
    const chunk = await repository.packs.read(name, extension, start, Math.min(end, start + READ_BYTES));
    hash.update(chunk);
    yield chunk;
  }
  const checksum = await repository.packs.read(name, extension, end, bytes);
  if (!hash.digest().equals(checksum)) throw fileBroken(packKey(repository.uuid, name, extension));
  yield checksum;
}

async function* pieces(parts: Body): AsyncGenerator<Uint8Array> {
  yield* parts;
}

function text(path: string, content: string): ExportedFile {
  return { path, chunks: pieces([Buffer.from(content)]) };
}

import { randomId } from '../../../core/runtime.ts';
import type { FileRow, Row } from '../../layer/layer.ts';
import { compareDescriptions, compareLinks } from '../../layer/layer-overlay.ts';
import { compareRows } from '../../layer/row-order.ts';
import type { PackRef } from '../../ledger/ledger.ts';
import type { OwnCommit } from '../../map/map-index.ts';
import { encodeMap } from '../../map/map-writer.ts';
import { encodeCommit, hashObject } from '../../object/object-codec.ts';
import type { Commit } from '../../object/objects.ts';
import { comparePaths } from '../../object/paths.ts';
import type { LedgerRepository } from '../../open.ts';
import { PackWriter } from '../../pack/pack-writer.ts';
import type { LedgerView } from '../../view/view.ts';
import type { Patch } from './patch.ts';

/**
 * Stores what lies above a built map: the commit, the trees and files of what others had changed meanwhile, and a small map with the
 * commit's log entry.
 */
export async function storeTop(
  repository: LedgerRepository,
  { view, patch, commit }: { view: LedgerView; patch: Patch; commit: Commit },
): Promise<{ ref: PackRef; own: OwnCommit }> {
  const name = `pack-${randomId(repository.runtime)}`;
  const bytes = encodeCommit(commit);
  const oid = hashObject('commit', bytes);
  const writer = new PackWriter();
  for (const tree of patch.trees) writer.add('tree', tree.oid, tree.parts());
  for (const blob of patch.blobs) writer.add('blob', blob.oid, blob.bytes);
  writer.add('commit', oid, bytes);
  const { pack, index, entries } = writer.finish();
  const place = { pack: name, ...(writer.place(oid) ?? { offset: 0, length: 0 }) };
  const { seconds, offsetMinutes } = commit.author;
  const own: OwnCommit = { oid, ordinal: view.ordinal + 1, seconds, offsetMinutes, place };
  const placed = (row: Row): Row =>
    row.kind === 'file' && row.commit === '' ? ownRow(row, own, name, writer) : row;
  const { changes, omitted } = patch;
  const map = encodeMap({
    rows: patch.rows
      .map(({ folder, row }) => ({ folder, row: placed(row) }))
      .sort((a, b) => comparePaths(a.folder, b.folder) || compareRows(a.row, b.row)),
    descriptions: [...patch.descriptions].sort(compareDescriptions),
    links: [...patch.links].sort(compareLinks),
    log: [{ oid, ordinal: own.ordinal, bytes, changes, ...(omitted > 0 && { omitted }) }],
    touches: patch.touched
      .map(file => ({ path: file.path, touches: [{ commit: oid, ordinal: own.ordinal, oid: file.oid }] }))
      .sort((a, b) => comparePaths(a.path, b.path)),
  });
  const { packs } = repository;
  await Promise.all([
    packs.write(name, 'pack', pack),
    packs.write(name, 'idx', [index]),
    packs.write(name, 'map', map.bytes),
  ]);
  const packBytes = pack.reduce((sum, part) => sum + part.length, 0);
  return {
    ref: { name, bytes: packBytes, indexBytes: index.length, objects: entries.length, map: map.index },
    own,
  };
}

/** A file of the commit that had no id yet. */
function ownRow(row: FileRow, own: OwnCommit, pack: string, writer: PackWriter): FileRow {
  const entry = writer.place(row.oid);
  const { oid, ordinal, seconds, offsetMinutes, place } = own;
  return {
    ...row,
    commit: oid,
    ordinal,
    seconds,
    offsetMinutes,
    ...(entry && { place: { pack, ...entry } }),
    ...(place && { commitPlace: place }),
  };
}

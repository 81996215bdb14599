import type { JournalLayer } from '../layer/journal-layer.ts';
import type { Place, Row } from '../layer/layer.ts';
import type { Journal } from '../ledger/journal.ts';
import type { MapContents } from '../map/map-writer.ts';
import type { Oid } from '../object/objects.ts';
import { comparePaths } from '../object/paths.ts';

/** What a flush of the whole journal writes into the map. `place` tells where an object lies whole. */
export async function mapJournal(
  journal: Journal,
  layer: JournalLayer,
  place: (oid: Oid) => Place | undefined,
): Promise<MapContents> {
  const [descriptions, links, log] = await Promise.all([
    layer.descriptions(),
    layer.allLinks(),
    layer.log(0, layer.logLength),
  ]);
  const touched = journal.changedFiles().sort(comparePaths);
  return {
    rows: placedRows(journal, layer, place),
    descriptions,
    links,
    log,
    touches: touched.map(path => ({ path, touches: layer.touches(path) })),
  };
}

function* placedRows(
  journal: Journal,
  layer: JournalLayer,
  place: (oid: Oid) => Place | undefined,
): Generator<{ folder: string; row: Row }> {
  for (const folder of journal.changedFolders().sort(comparePaths)) {
    for (const row of layer.rows(folder)) yield { folder, row: placed(row, place) };
  }
}

function placed(row: Row, place: (oid: Oid) => Place | undefined): Row {
  if (row.kind !== 'file') return row;
  const [blob, commit] = [place(row.oid), place(row.commit)];
  return { ...row, ...(blob ? { place: blob } : {}), ...(commit ? { commitPlace: commit } : {}) };
}

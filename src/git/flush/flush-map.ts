import type { JournalLayer } from '../layer/journal-layer.ts';
import type { LogRow, Place, Row } from '../layer/layer.ts';
import type { Journal } from '../ledger/journal.ts';
import type { MapContents } from '../map/map-writer.ts';
import type { Oid } from '../object/objects.ts';
import { comparePaths } from '../object/paths.ts';
import type { Pauses } from './pauses.ts';

/** Commits that are read at once. */
const LOG_PAGE = 64;

/** What a flush of the whole journal writes into the map. `place` tells where an object lies whole. */
export async function mapJournal(
  journal: Journal,
  layer: JournalLayer,
  place: (oid: Oid) => Place | undefined,
  pauses?: Pauses,
): Promise<MapContents> {
  const touched = journal.changedFiles().sort(comparePaths);
  for (const path of touched) {
    // Kept in memory, so that what follows finds all of them at once.
    await layer.description(path);
    if (pauses?.due) await pauses.take();
  }
  const log: LogRow[] = [];
  for (let from = 0; from < layer.logLength; from += LOG_PAGE) {
    log.push(...(await layer.log(from, Math.min(from + LOG_PAGE, layer.logLength))));
    if (pauses?.due) await pauses.take();
  }
  const [descriptions, links] = await Promise.all([layer.descriptions(), layer.allLinks()]);
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

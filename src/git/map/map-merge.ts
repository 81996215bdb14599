import type { DescriptionRow, LinkRow, Place, Row } from '../layer/layer.ts';
import { compareDescriptions, compareLinks, overlayRows } from '../layer/layer-overlay.ts';
import { mergeSorted } from '../layer/sorted-merge.ts';
import type { Oid } from '../object/objects.ts';
import { comparePaths } from '../object/paths.ts';
import type { MapContents } from './map-writer.ts';

export interface MergeOptions {
  /** True when nothing lies below: what only hides is left out then. */
  bottom: boolean;
  /** Packs that the merged pack replaces: places in them become what `place` says, or none. */
  replaced?: { packs: ReadonlySet<string>; place(oid: Oid): Place | undefined };
}

/**
 * Several maps that lie next to each other, newest first, as one that says the same. Streams: of the rows one folder at a
 * time is in memory, of all else one entry of each input.
 */
export function mergeMaps(inputs: readonly MapContents[], options: MergeOptions): MapContents {
  const { bottom, replaced } = options;
  return {
    rows: again(() => mergeRows(inputs, bottom, replaced)),
    descriptions: again(() => mergeDescriptions(inputs, bottom)),
    links: again(() => mergeLinks(inputs, bottom)),
    log: again(function* () {
      for (const input of inputs.toReversed()) yield* input.log;
    }),
    touches: again(function* () {
      const groups = mergeSorted(
        inputs.map(input => input.touches),
        (a, b) => comparePaths(a.path, b.path),
      );
      for (const group of groups) {
        yield { path: group[0]?.path ?? '', touches: group.flatMap(each => each.touches) };
      }
    }),
  };
}

function again<T>(make: () => Generator<T>): Iterable<T> {
  return { [Symbol.iterator]: make };
}

function* mergeRows(
  inputs: readonly MapContents[],
  bottom: boolean,
  replaced: MergeOptions['replaced'],
): Generator<{ folder: string; row: Row }> {
  const groups = mergeSorted(
    inputs.map(input => byFolder(input.rows)),
    (a, b) => comparePaths(a.folder, b.folder),
  );
  for (const group of groups) {
    const folder = group[0]?.folder ?? '';
    const rows = overlayRows(
      group.map(each => each.rows),
      !bottom,
    );
    for (const row of rows) yield { folder, row: replaced ? moved(row, replaced) : row };
  }
}

function* byFolder(rows: MapContents['rows']): Generator<{ folder: string; rows: Row[] }> {
  let open: { folder: string; rows: Row[] } | undefined;
  for (const { folder, row } of rows) {
    if (open?.folder === folder) open.rows.push(row);
    else {
      if (open) yield open;
      open = { folder, rows: [row] };
    }
  }
  if (open) yield open;
}

function moved(row: Row, { packs, place }: NonNullable<MergeOptions['replaced']>): Row {
  if (row.kind !== 'file') return row;
  const { place: blob, commitPlace: commit, ...rest } = row;
  const newBlob = blob && packs.has(blob.pack) ? place(row.oid) : blob;
  const newCommit = commit && packs.has(commit.pack) ? place(row.commit) : commit;
  return { ...rest, ...(newBlob && { place: newBlob }), ...(newCommit && { commitPlace: newCommit }) };
}

function* mergeDescriptions(inputs: readonly MapContents[], bottom: boolean): Generator<DescriptionRow> {
  const groups = mergeSorted(
    inputs.map(input => input.descriptions),
    compareDescriptions,
  );
  for (const [row] of groups) if (row && !(bottom && row.json === null)) yield row;
}

function* mergeLinks(inputs: readonly MapContents[], bottom: boolean): Generator<LinkRow> {
  const groups = mergeSorted(
    inputs.map(input => input.links),
    compareLinks,
  );
  for (const [row] of groups) if (row && (row.present || !bottom)) yield row;
}

import type { StoredDescription } from '../layer/journal-layer.ts';
import type { Place, Row } from '../layer/layer.ts';
import { compareRows } from '../layer/row-order.ts';
import type { MapContents } from '../map/map-writer.ts';
import type { Oid } from '../object/objects.ts';
import { comparePaths, splitPath } from '../object/paths.ts';
import type { Description } from '../repository.ts';
import type { Tree } from '../tree/tree.ts';
import type { TreeChange } from '../tree/tree-diff.ts';
import { diffTrees } from '../tree/tree-diff.ts';
import { type Attribution, attribute } from './attribution.ts';
import type { WalkedCommit } from './history-walk.ts';

/** Its id is that of a commit of another repository. */
const SUBMODULE = 0o160000;

export interface HistorySource {
  /** The new commits, newest first; the first is the new head. */
  commits: readonly WalkedCommit[];
  /** The tree of the commit that the new ones build on; null for a whole history. */
  baseTree: Oid | null;
  tree(oid: Oid): Promise<Tree>;
  /** The tree of a commit outside `commits`; null when it is unknown. */
  treeOf(commit: Oid): Promise<Oid | null>;
  blob(oid: Oid): Promise<Buffer>;
  blobSize(oid: Oid): Promise<number>;
  place(oid: Oid): Place | undefined;
  describe(
    path: string,
    bytes: Buffer,
  ): Promise<Description<unknown> | undefined> | Description<unknown> | undefined;
  /** The targets that a file had before the new commits. */
  targetsBefore(path: string): Promise<readonly string[]>;
}

/** The map of commits that were not made here: what the journal would have told of them, commit by commit. */
export async function mapHistory(source: HistorySource): Promise<MapContents> {
  const head = source.commits[0];
  if (!head) throw new RangeError('Mapping a history needs at least one commit');
  const folders = new Map<string, Oid | null>();
  const net = await diffTrees(source.baseTree, head.commit.tree, source.tree, (path, oid) =>
    folders.set(path, oid),
  );
  const history = await attribute(source, new Set(net.map(change => change.path)));
  const rows = await collectRows(source, net, folders, history);
  const described = await describeAll(source, net);
  return {
    rows,
    descriptions: described,
    links: await collectLinks(source, described),
    log: history.log,
    touches: [...history.touches]
      .sort(([a], [b]) => comparePaths(a, b))
      .map(([path, touches]) => ({ path, touches })),
  };
}

async function collectRows(
  source: HistorySource,
  net: readonly TreeChange[],
  folders: ReadonlyMap<string, Oid | null>,
  { touches, back }: Attribution,
): Promise<{ folder: string; row: Row }[]> {
  const byOid = new Map(source.commits.map(each => [each.oid, each]));
  const head = source.commits[0] as WalkedCommit;
  const rows: { folder: string; row: Row }[] = [];
  const filled = new Set<string>();
  for (const { path, after } of [...net, ...[...back].map(([path, after]) => ({ path, after }))]) {
    if (after === null) continue;
    filled.add(path);
    const commit = byOid.get(touches.get(path)?.[0]?.commit ?? head.oid) ?? head;
    const { folder, name } = splitPath(path);
    const [place, commitPlace] = [source.place(after.oid), source.place(commit.oid)];
    const { seconds, offsetMinutes } = commit.commit.author;
    rows.push({
      folder,
      row: {
        kind: 'file',
        name,
        mode: after.mode,
        oid: after.oid,
        size: after.mode === SUBMODULE ? 0 : await source.blobSize(after.oid),
        commit: commit.oid,
        ordinal: commit.arrival,
        seconds,
        offsetMinutes,
        ...(place ? { place } : {}),
        ...(commitPlace ? { commitPlace } : {}),
      },
    });
  }
  for (const [path, oid] of folders) {
    if (path === '' || oid === null) continue;
    filled.add(path);
    const { folder, name } = splitPath(path);
    rows.push({ folder, row: { kind: 'folder', name, oid } });
  }
  const gone = [...net.filter(change => change.after === null).map(change => change.path), ...folders.keys()];
  for (const path of new Set(gone)) {
    if (path === '' || filled.has(path)) continue;
    const { folder, name } = splitPath(path);
    rows.push({ folder, row: { kind: 'gone', name } });
  }
  return rows.sort((a, b) => comparePaths(a.folder, b.folder) || compareRows(a.row, b.row));
}

interface DescribedFile {
  path: string;
  /** Of the {@link StoredDescription}: a string takes a fraction of what the objects would. */
  json: string | null;
  targets: readonly string[];
}

async function describeAll(source: HistorySource, net: readonly TreeChange[]): Promise<DescribedFile[]> {
  const described: DescribedFile[] = [];
  for (const { path, after } of [...net].sort((a, b) => comparePaths(a.path, b.path))) {
    const readable = after !== null && after.mode !== SUBMODULE && path.endsWith('.md');
    const description = readable ? await source.describe(path, await source.blob(after.oid)) : undefined;
    const targets = [...new Set(description?.targets)];
    const stored: StoredDescription | undefined = description && { facts: description.facts, targets };
    // A whole history has nothing below that a null would have to hide.
    if (stored || source.baseTree !== null)
      described.push({ path, json: stored ? JSON.stringify(stored) : null, targets });
  }
  return described;
}

async function collectLinks(source: HistorySource, described: readonly DescribedFile[]) {
  const links: { target: string; source: string; present: boolean }[] = [];
  for (const { path, targets } of described) {
    const now = new Set(targets);
    for (const target of now) links.push({ target, source: path, present: true });
    if (source.baseTree === null) continue;
    for (const target of new Set(await source.targetsBefore(path))) {
      if (!now.has(target)) links.push({ target, source: path, present: false });
    }
  }
  return links.sort((a, b) => comparePaths(a.target, b.target) || comparePaths(a.source, b.source));
}

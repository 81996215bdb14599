import type { Ledger } from '../ledger/ledger.ts';
import type { Oid } from '../object/objects.ts';
import type { LedgerRepository } from '../open.ts';
import type { LogEntry } from '../repository.ts';
import type { LedgerView } from '../view/view.ts';
import { allChanges, changesAt } from './all-changes.ts';
import { contentsAside } from './side-commits.ts';

/** What is to be taken out of the history. */
export interface PurgeRequest {
  /** Git paths of files: all that they ever held goes, wherever else the same content stands. */
  paths: readonly string[];
  /** Contents by their ids. */
  blobs: readonly Oid[];
  /** The contents of `paths` stay where they stand under other names. Default false. */
  pathOnly?: boolean;
}

/** Contents that go. What is written to a path later on is not among them. */
export interface Selection {
  /** Everywhere. */
  blobs: ReadonlySet<Oid>;
  /** At one path. */
  atPaths: ReadonlyMap<string, ReadonlySet<Oid>>;
}

/** That of a file without content: it tells nothing and stands in many places. */
const EMPTY_BLOB = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';

/** What a request means in the history of a view. */
export async function selectContents(
  repository: LedgerRepository,
  view: LedgerView,
  { paths, blobs, pathOnly = false }: PurgeRequest,
): Promise<Selection> {
  const atPaths = new Map(paths.map(path => [path, new Set<Oid>()]));
  for await (const entry of atPaths.size > 0 ? view.log() : []) {
    for (const { path, oid, before } of await changesAt(view, entry, paths))
      for (const held of [oid, before]) if (held !== null) atPaths.get(path)?.add(held);
  }
  for await (const { path, oid } of contentsAside(repository, view, [...atPaths.keys()]))
    atPaths.get(path)?.add(oid);
  const everywhere = pathOnly ? [] : [...atPaths.values()].flatMap(held => [...held]);
  return { blobs: new Set([...blobs, ...everywhere.filter(oid => oid !== EMPTY_BLOB)]), atPaths };
}

export function isSelected({ blobs, atPaths }: Selection, path: string, oid: Oid): boolean {
  return blobs.has(oid) || atPaths.get(path)?.has(oid) === true;
}

/** A commit that brought in what goes. */
export interface PurgedCommit {
  oid: Oid;
  /** Author time. */
  seconds: number;
  subject: string;
  paths: string[];
}

/** The commits of the main line and all that was merged into it that brought in what is selected, newest first. */
export async function selectedCommits(
  repository: LedgerRepository,
  view: LedgerView,
  selection: Selection,
): Promise<PurgedCommit[]> {
  const found: PurgedCommit[] = [];
  for await (const entry of view.log()) {
    const { commit } = entry;
    const paths = selectedPaths(await allChanges(repository, view, entry), selection);
    if (paths.length === 0) continue;
    const subject = commit.message.split('\n')[0] ?? '';
    found.push({ oid: commit.oid, seconds: commit.author.seconds, subject, paths });
  }
  return found;
}

function selectedPaths(changes: LogEntry['changes'], selection: Selection): string[] {
  return changes.flatMap(({ path, oid }) => (oid !== null && isSelected(selection, path, oid) ? [path] : []));
}

export function epochOf({ epoch = 0 }: Ledger): number {
  return epoch;
}

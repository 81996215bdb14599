import { copyObjects } from '../../git/foreign/copy-objects.ts';
import { PackBatches } from '../../git/foreign/pack-batches.ts';
import { decodeCommit } from '../../git/object/object-codec.ts';
import type { Oid } from '../../git/object/objects.ts';
import type { OidSet } from '../../git/object/oid-set.ts';
import type { LedgerRepository } from '../../git/open.ts';
import type { View } from '../../git/repository.ts';
import { adoptHistory } from '../../git/upkeep/adopt.ts';
import { branchMissing, nothingToImport, wikiNotEmpty } from '../errors.ts';
import type { ImportProgress, ImportReport } from '../import-report.ts';
import type { ForeignObjects } from './foreign-objects.ts';
import { defaultBranch, type GitRefs } from './git-refs.ts';
import { describeHistory } from './history-notes.ts';
import { type FetchLimits, type HistorySource, type OpenedHistory, withHistory } from './history-source.ts';
import { findTags } from './history-tags.ts';
import { findReachable, type Reachable } from './reachable-objects.ts';

export interface HistoryImportOptions {
  source: HistorySource;
  repository: LedgerRepository;
  /** The branch that becomes the main line. Default: that of HEAD. */
  branch?: string | undefined;
  /** Of the wiki, for what is worth knowing about names. */
  retainPageNameCase: boolean;
  progress: ImportProgress;
  /** A folder of this machine for what has to be unpacked or fetched first. Default: that of the system for temporary files. */
  scratch?: string;
  /** How a URL is fetched. Default: from everywhere that this machine reaches, up to 16 GiB. */
  fetch?: FetchLimits;
  signal?: AbortSignal | undefined;
}

/**
 * Takes over a branch of another repository with its whole history, commit for commit and id for id, and the tags on it.
 * The wiki must be empty, or at a commit of that history: then the later commits are brought in. Objects are read from the file and
 * copied pack by pack: in memory are about 150 bytes for each of them.
 * @throws KittiwakeError `wiki_not_empty`, `source_corrupt`, `source_unsupported`, `entry_refused`, `branch_missing`,
 *   `packs_collected`; of a URL those of `fetchPack`
 */
export async function importHistory(options: HistoryImportOptions): Promise<ImportReport> {
  const { source, progress, signal, scratch, fetch, branch } = options;
  progress.phase('opening', 'objects', 0);
  const choose = (refs: GitRefs) => chooseLine(refs, source.path, branch).oid;
  const opening = { source, fetch, choose, scratch, progress, signal };
  return await withHistory(opening, opened => takeOver(opened, options));
}

async function takeOver(
  { refs, objects }: OpenedHistory,
  options: HistoryImportOptions,
): Promise<ImportReport> {
  const { source, repository, progress, signal } = options;
  const view = await repository.view({ maxAgeMs: 0 });
  const { path } = source;
  const line = chooseLine(refs, path, options.branch);
  progress.phase('checking', 'commits', 0);
  const reachable = await findReachable({
    objects,
    head: line.oid,
    path,
    base: view.head,
    known: async oid => view.head !== undefined && (await view.commit(oid)) !== undefined,
    advance: steps => progress.advance(steps),
    signal,
  });
  if (reachable.commits.size === 0) return nothingNew(view, line.oid, path);
  await refuseStrangeHistory(view, reachable.commits, objects, line.oid);
  const batches = await copied(reachable, objects, options);
  const tags = await findTags(refs.refs, objects, reachable.commits);
  for (const { oid, bytes } of tags.objects) await batches.add('tag', oid, bytes);
  await batches.finish();
  signal?.throwIfAborted();
  progress.phase('mapping', 'commits', reachable.commits.size);
  const { collections } = batches;
  const packs = batches.packs.toReversed();
  const place = (oid: Oid) => batches.place(oid);
  await adoptHistory(repository, { head: line.oid, packs, collections, place, refs: tags.refs });
  const now = await repository.view({ maxAgeMs: 0 });
  const report = await describeHistory(now, options, refs, line, reachable.commits);
  report.bytes = batches.packs.reduce((sum, pack) => sum + pack.bytes, 0);
  return report;
}

/** Packs of ours with all that was reached. */
async function copied(
  { commits, trees, blobs }: Reachable,
  objects: ForeignObjects,
  { repository, progress, signal }: HistoryImportOptions,
): Promise<PackBatches> {
  const batches = new PackBatches(repository);
  const wanted = (oid: Oid) => blobs.has(oid) || trees.has(oid) || commits.has(oid);
  progress.phase('copying', 'objects', commits.size + trees.size + blobs.size);
  await copyObjects({ objects, wanted, batches, progress, signal });
  return batches;
}

function chooseLine(refs: GitRefs, path: string, branch: string | undefined): { name: string; oid: Oid } {
  if (branch !== undefined) {
    const name = `refs/heads/${branch}`;
    const oid = refs.refs.get(name);
    const names = [...refs.refs.keys()].filter(each => each.startsWith('refs/heads/'));
    if (oid === undefined)
      throw branchMissing(
        path,
        branch,
        names.map(each => each.slice(11)),
      );
    return { name, oid };
  }
  const line = defaultBranch(refs);
  if (line === undefined) throw nothingToImport(path);
  return line;
}

function nothingNew(view: View, head: Oid, path: string): ImportReport {
  const notes = view.head === head ? [] : [`the wiki is ahead of ${path}`];
  return {
    pages: 0,
    attachments: 0,
    unchanged: 0,
    kept: 0,
    bytes: 0,
    commits: 0,
    head: undefined,
    left: [],
    notes,
  };
}

/** The wiki's head must lie on the first-parent line that comes in, or there must be none. */
async function refuseStrangeHistory(
  view: View,
  fresh: OidSet,
  objects: ForeignObjects,
  head: Oid,
): Promise<void> {
  if (view.head === undefined) return;
  let at: Oid | undefined = head;
  while (at !== undefined && fresh.has(at)) at = await firstParent(objects, at);
  if (at !== view.head) throw wikiNotEmpty(view.ordinal + 1);
}

async function firstParent(objects: ForeignObjects, oid: Oid): Promise<Oid | undefined> {
  return decodeCommit(await objects.read(oid, 'commit')).parents[0];
}

import { readFile } from 'node:fs/promises';
import { decodeCommit } from '../../git/object/object-codec.ts';
import type { Oid } from '../../git/object/objects.ts';
import type { LedgerRepository } from '../../git/open.ts';
import type { View } from '../../git/repository.ts';
import { adoptHistory } from '../../git/upkeep/adopt.ts';
import { branchMissing, nothingToImport, wikiNotEmpty } from '../errors.ts';
import type { ImportProgress, ImportReport } from '../import-report.ts';
import type { ImportSource } from '../import-source.ts';
import { PackBatches } from '../pack-batches.ts';
import { copyObjects } from './copy-objects.ts';
import { ForeignObjects } from './foreign-objects.ts';
import { ForeignPack } from './foreign-pack.ts';
import { readBundle } from './git-bundle.ts';
import { readGitFolder } from './git-folder.ts';
import { defaultBranch, type GitRefs } from './git-refs.ts';
import { describeHistory } from './history-notes.ts';
import { findTags } from './history-tags.ts';
import { findReachable } from './reachable-objects.ts';

export interface HistoryImportOptions {
  source: Exclude<ImportSource, { kind: 'folder' }>;
  repository: LedgerRepository;
  /** The branch that becomes the main line. Default: that of HEAD. */
  branch?: string | undefined;
  /** Of the wiki, for what is worth knowing about names. */
  retainPageNameCase: boolean;
  progress: ImportProgress;
  signal?: AbortSignal | undefined;
}

/**
 * Takes over a branch of another repository with its whole history, commit for commit and id for id, and the tags on it.
 * The wiki must be empty, or at a commit of that history: then the later commits are brought in.
 * @throws KittiwakeError `wiki_not_empty`, `source_corrupt`, `source_unsupported`, `entry_refused`, `branch_missing`,
 *   `packs_collected`
 */
export async function importHistory(options: HistoryImportOptions): Promise<ImportReport> {
  const { source, repository, progress, signal } = options;
  const view = await repository.view({ maxAgeMs: 0 });
  progress.phase('opening', 'objects', 0);
  const { refs, objects } = await openSource(source);
  const line = chooseLine(refs, options);
  progress.phase('checking', 'commits', 0);
  const reachable = await findReachable({
    objects,
    head: line.oid,
    path: source.path,
    base: view.head,
    known: async oid => view.head !== undefined && (await view.commit(oid)) !== undefined,
    advance: steps => progress.advance(steps),
    signal,
  });
  if (reachable.commits.size === 0) return nothingNew(view, line.oid, source.path);
  await refuseStrangeHistory(view, reachable.commits, objects, line.oid);
  const batches = new PackBatches(repository);
  const oids = reachable.commits.union(reachable.trees).union(reachable.blobs);
  progress.phase('copying', 'objects', oids.size);
  await copyObjects({ objects, oids, batches, progress, signal });
  const tags = await findTags(refs.refs, objects, reachable.commits);
  for (const { oid, bytes } of tags.objects) await batches.add('tag', oid, bytes);
  await batches.finish();
  signal?.throwIfAborted();
  progress.phase('mapping', 'commits', reachable.commits.size);
  const place = (oid: Oid) => batches.place(oid);
  await adoptHistory(repository, {
    head: line.oid,
    packs: batches.packs.toReversed(),
    collections: batches.collections,
    place,
    refs: tags.refs,
  });
  const report = await describeHistory(
    await repository.view({ maxAgeMs: 0 }),
    options,
    refs,
    line,
    reachable.commits,
  );
  report.bytes = batches.packs.reduce((sum, pack) => sum + pack.bytes, 0);
  return report;
}

async function openSource(
  source: HistoryImportOptions['source'],
): Promise<{ refs: GitRefs; objects: ForeignObjects }> {
  if (source.kind === 'bundle') {
    const bundle = readBundle(source.path, await readFile(source.path));
    const packs = [new ForeignPack(source.path, bundle.pack)];
    return { refs: bundle, objects: new ForeignObjects(source.path, packs, new Map()) };
  }
  const folder = await readGitFolder(source.path, source.gitFolder);
  return { refs: folder, objects: await ForeignObjects.open(source.path, folder.objectFolders) };
}

function chooseLine(refs: GitRefs, { source, branch }: HistoryImportOptions): { name: string; oid: Oid } {
  if (branch !== undefined) {
    const name = `refs/heads/${branch}`;
    const oid = refs.refs.get(name);
    const names = [...refs.refs.keys()].filter(each => each.startsWith('refs/heads/'));
    if (oid === undefined)
      throw branchMissing(
        source.path,
        branch,
        names.map(each => each.slice(11)),
      );
    return { name, oid };
  }
  const line = defaultBranch(refs);
  if (line === undefined) throw nothingToImport(source.path);
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
  fresh: ReadonlySet<Oid>,
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

import type { Oid } from '../git/object/objects.ts';
import type { OidSet } from '../git/object/oid-set.ts';
import type { LedgerRepository } from '../git/open.ts';
import { CommitGraph } from '../git/outgoing/commit-graph.ts';
import { selectObjects } from '../git/outgoing/outgoing.ts';
import { PackedObjects } from '../git/outgoing/packed-objects.ts';
import { Selection } from '../git/outgoing/selection.ts';
import { sideCommits } from '../git/outgoing/side-line.ts';
import { type SourcePacks, sourcePacks } from '../git/outgoing/source-pack.ts';
import type { LedgerView } from '../git/view/view.ts';
import type { GitServices } from '../http/git-services.ts';
import { type ShownRefs, shownRefs } from './shown-refs.ts';

/** One version of a wiki, as far as git is shown it. */
export interface ServedVersion {
  view: LedgerView;
  shown: ShownRefs;
  packs: SourcePacks;
  objects: PackedObjects;
  /** The commits that shown refs reach. */
  graph: CommitGraph;
  /** Positions of the commits that shown refs lead to. */
  tips: readonly number[];
  /** True: all that the packs hold may be sent. False: only what {@link ServedVersion.reached} has. */
  isWhole: boolean;
  /** All objects that shown refs reach; found out once, and then what is added to it. */
  reached(): Promise<OidSet>;
}

export async function serveVersion(
  git: Pick<GitServices, 'repository' | 'settings'>,
  view: LedgerView,
): Promise<ServedVersion> {
  const { repository } = git;
  const [shown, packs] = await Promise.all([shownRefs(git, view), sourcePacks(repository, view)]);
  const objects = new PackedObjects(packs);
  const graph = new CommitGraph(view);
  const ends = shown.refs.map(({ oid, peeled }) => peeled ?? oid);
  const side: Oid[] = [];
  for (const oid of ends) if ((await graph.position(oid)) === undefined) side.push(oid);
  graph.addSide(await sideCommits(objects, graph, await commitsAmong(objects, side)));
  const tips: number[] = [];
  for (const oid of ends) {
    const position = await graph.position(oid);
    if (position !== undefined) tips.push(position);
  }
  const version = {
    view,
    shown,
    packs,
    objects,
    graph,
    tips,
    isWhole: shown.hidden.length === 0 && view.ledger.strays !== true,
  };
  return { ...version, reached: async () => (await reach(repository, version)).selection.oids };
}

/** Tags may name whatever there is. */
async function commitsAmong(objects: PackedObjects, oids: readonly Oid[]): Promise<Oid[]> {
  const commits: Oid[] = [];
  for (const oid of oids) {
    const entry = objects.find(oid);
    if (entry && (await objects.describe(entry)).type === 'commit') commits.push(oid);
  }
  return commits;
}

interface Reached {
  selection: Selection;
  epoch: number;
  commits: readonly Oid[];
  /** Tags, and what else refs name. */
  others: readonly Oid[];
}

const known = new WeakMap<LedgerRepository, Promise<Reached>>();

/** One after the other: the set is added to. */
function reach(repository: LedgerRepository, version: Omit<ServedVersion, 'reached'>): Promise<Reached> {
  const earlier = known.get(repository) ?? Promise.resolve(undefined);
  const made = earlier.catch(() => undefined).then(before => extend(before, version));
  known.set(repository, made);
  return made;
}

async function extend(
  before: Reached | undefined,
  { view, shown, objects, graph, tips }: Omit<ServedVersion, 'reached'>,
): Promise<Reached> {
  const { epoch = 0 } = view.ledger;
  const haves: number[] = [];
  for (const oid of before?.commits ?? []) haves.push((await graph.position(oid)) ?? -1);
  const others: { oid: Oid; type: 'tag' | 'tree' | 'blob' }[] = [];
  for (const { oid, peeled } of shown.refs) {
    if (peeled !== undefined) others.push({ oid, type: 'tag' });
    const entry = objects.find(peeled ?? oid);
    const { type } = entry ? await objects.describe(entry) : { type: 'commit' as const };
    if (type !== 'commit') others.push({ oid: peeled ?? oid, type });
  }
  const named = new Set(others.map(({ oid }) => oid));
  const isAll = before?.others.every(oid => named.has(oid)) ?? false;
  const holds = before?.epoch === epoch && isAll && !haves.includes(-1);
  const selection = holds ? before.selection : new Selection();
  await selectObjects(objects, graph, { wants: tips, haves: holds ? haves : [], others }, selection);
  const commits: Oid[] = [];
  for (const position of new Set(tips)) commits.push((await graph.at(position)).oid);
  return { selection, epoch, commits, others: [...named] };
}

import { isKittiwakeError } from '../core/errors.ts';
import type { LandingCheck } from '../git/incoming/incoming.ts';
import type { IncomingObjects } from '../git/incoming/incoming-objects.ts';
import { withIncoming } from '../git/incoming/intake.ts';
import { landPlanned } from '../git/incoming/land-planned.ts';
import { MAIN_REF } from '../git/ledger/ledger.ts';
import type { Oid } from '../git/object/objects.ts';
import type { LedgerRepository } from '../git/open.ts';
import type { LedgerView } from '../git/view/view.ts';
import { fetchPack, listRefs, openRemote, type RemoteRefs } from '../net/git/fetch-pack.ts';
import type { RemoteUrl } from '../net/git/remote-url.ts';
import type { RemoteOptions } from '../net/git/smart-http.ts';
import { remoteMoved, remoteRewritten } from './errors.ts';
import { bothHistories } from './merge/both-histories.ts';
import { asideRef, type PullPlan, planPull } from './plan-pull.ts';
import type { Pulled, Remote } from './remote.ts';

/** Times that what came is stored anew because a collection of garbage took it for left behind. */
const MAX_ATTEMPTS = 3;
/** Commits of the first-parent line that the other side is told of one by one. */
const MAX_HAVES = 64;

/** How a remote is reached, and what it may send. */
export interface Reach {
  url: RemoteUrl;
  options: RemoteOptions;
  /** Of a pack that is pulled. */
  maxBytes: number;
}

export interface PullOptions {
  remote: Remote;
  repository: LedgerRepository;
  reach: Reach;
  /** Asked on every attempt whether what came may land. Default: everything that is well-formed does. */
  check?: LandingCheck | undefined;
  /** Merges a history that was replaced over there, too. */
  acceptRewritten: boolean;
  /** A folder of this machine for what comes. Default: that of the system for temporary files. */
  scratch?: string | undefined;
}

/**
 * Brings the branch of a remote into the wiki: as it is where that goes on from the newest commit, else by a merge. Where both have
 * changed the same, one version stays, the other one is kept as a side branch, and the pages are told. Any number may run at once.
 * @throws KittiwakeError `remote_unrelated`, `remote_rewritten`, `remote_moved`; those of `fetchPack`, `withIncoming`, `landPlanned`
 */
export async function pull(options: PullOptions): Promise<Pulled> {
  const { remote, repository, reach, scratch } = options;
  const opened = await openRemote(reach.url, reach.options);
  const theirs = branchOf(remote, await listRefs(opened)).oid;
  const view = await repository.view({ maxAgeMs: 0 });
  if (theirs === undefined) return nothingNew(view, null);
  if (await isKnown(view, theirs)) return nothingNew(view, theirs);
  refuseKept(options, view, theirs);
  const { maxBytes } = reach;
  const pack = fetchPack(opened, { wants: [theirs], haves: await havesOf(view, remote), maxBytes });
  const { signal } = reach.options;
  return await withIncoming({ repository, pack, maxBytes, folder: scratch, signal }, incoming =>
    land(options, theirs, incoming),
  );
}

/** The ref that a remote's branch is there, and what it is at. */
export function branchOf(
  { branch }: Pick<Remote, 'branch'>,
  { refs, headRef }: RemoteRefs,
): { ref: string; oid: Oid | undefined } {
  const ref = branch === '' ? (headRef ?? MAIN_REF) : `refs/heads/${branch}`;
  return { ref, oid: refs.get(ref) };
}

/** What was kept aside and not merged is not fetched again. */
function refuseKept({ remote, acceptRewritten }: PullOptions, { ledger }: LedgerView, theirs: Oid): void {
  const ref = asideRef(remote, theirs);
  if (!acceptRewritten && ledger.refs[ref] === theirs)
    throw remoteRewritten(remote.name, remote.status.theirs ?? theirs, theirs, ref);
}

async function land(options: PullOptions, theirs: Oid, incoming: IncomingObjects): Promise<Pulled> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const landed = await tryLanding(options, theirs, incoming);
    if (landed?.refusal) throw landed.refusal;
    if (landed) return landed.pulled;
  }
  throw remoteMoved(options.remote.name);
}

/** Undefined: what it has stored, or what that builds on, was taken away meanwhile. */
async function tryLanding(
  { remote, repository, check, acceptRewritten, reach }: PullOptions,
  theirs: Oid,
  incoming: IncomingObjects,
): Promise<PullPlan | undefined> {
  const planOn = async (view: LedgerView): Promise<PullPlan> => {
    if (await isKnown(view, theirs)) return { updates: [], pulled: nothingNew(view, theirs) };
    const histories = bothHistories(repository, view, incoming);
    return await planPull({ remote, theirs, acceptRewritten }, { repository, incoming }, histories);
  };
  const plan = async (view: LedgerView) => {
    const result = await planOn(view);
    return { updates: result.updates, result };
  };
  const { signal } = reach.options;
  try {
    return await landPlanned({ repository, objects: incoming, ...(check ? { check } : {}), signal, plan });
  } catch (error) {
    const isTaken = ['packs_collected', 'ref_moved'].some(code => isKittiwakeError(error, code));
    if (isTaken) return undefined;
    throw error;
  }
}

async function isKnown(view: LedgerView, oid: Oid): Promise<boolean> {
  return (await view.commit(oid)) !== undefined;
}

function nothingNew({ head }: LedgerView, theirs: Oid | null): Pulled {
  const outcome = theirs === null ? 'empty' : 'up_to_date';
  return { result: { outcome, commits: 0, theirs, head: head ?? null } };
}

/** Commits of the wiki that the other side may know: what it had at last, and the newest ones. */
async function havesOf(view: LedgerView, { status }: Remote): Promise<Oid[]> {
  const haves = new Set<Oid>();
  for (const oid of [status.theirs, status.pushed])
    if (oid !== undefined && (await isKnown(view, oid))) haves.add(oid);
  for (let oid = view.head; oid !== undefined && haves.size < MAX_HAVES; ) {
    haves.add(oid);
    oid = (await view.commit(oid))?.parents[0];
  }
  return [...haves];
}

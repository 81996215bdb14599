import type { Oid } from '../git/object/objects.ts';
import type { LedgerRepository } from '../git/open.ts';
import type { LedgerView } from '../git/view/view.ts';
import { listRefs, openRemote } from '../net/git/fetch-pack.ts';
import { openForPush, pushPack } from '../net/git/push-pack.ts';
import { remoteAhead } from './errors.ts';
import { packOf } from './pack-of.ts';
import { branchOf, type Reach } from './pull.ts';
import type { PushResult, Remote } from './remote.ts';

export interface PushOptions {
  remote: Remote;
  repository: LedgerRepository;
  reach: Reach;
}

/**
 * Moves the branch of a remote on to the newest commit of the wiki, and never back: what the wiki does not have stays there. When
 * this fails on the way it is repeated safely: what has arrived is not sent again.
 * @throws KittiwakeError `remote_ahead`; those of `openForPush`, `pushPack`
 */
export async function push(options: PushOptions): Promise<PushResult> {
  const { remote, repository, reach } = options;
  const view = await repository.view({ maxAgeMs: 0 });
  const { head } = view;
  const ref = await refOf(remote, reach);
  const receiving = await openForPush(reach.url, reach.options);
  const before = receiving.refs.get(ref);
  if (head === undefined) return { outcome: 'empty', before: before ?? null, after: before ?? null };
  if (before === head) return { outcome: 'up_to_date', before, after: before };
  if (before !== undefined && (await view.commit(before)) === undefined)
    throw remoteAhead(remote.name, before);
  const haves = before === undefined ? await knownOf(view, receiving.refs) : [before];
  const { signal } = reach.options;
  const { capabilities } = receiving;
  const pack = packOf(repository, view, { want: head, haves, capabilities, signal });
  await pushPack(receiving, [{ ref, before, after: head }], pack);
  return { outcome: 'pushed', before: before ?? null, after: head };
}

/** A server does not say on what branch its HEAD is to those who push. */
async function refOf(remote: Remote, { url, options }: Reach): Promise<string> {
  if (remote.branch !== '') return `refs/heads/${remote.branch}`;
  return branchOf(remote, await listRefs(await openRemote(url, options))).ref;
}

/** Most other refs that are looked at when the branch is new there. */
const MAX_LOOKED_AT = 100;

async function knownOf(view: LedgerView, refs: ReadonlyMap<string, Oid>): Promise<Oid[]> {
  const oids = [...new Set(refs.values())].slice(0, MAX_LOOKED_AT);
  const commits = await Promise.all(oids.map(oid => view.commit(oid)));
  return oids.filter((_, index) => commits[index] !== undefined);
}

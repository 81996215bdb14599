import type { Principal } from '../auth/principal.ts';
import { isKittiwakeError, KittiwakeError } from '../core/errors.ts';
import type { Landed, LandingCheck, RefUpdate } from '../git/incoming/incoming.ts';
import { withIncoming } from '../git/incoming/intake.ts';
import { landCommits } from '../git/incoming/land-commits.ts';
import type { GitServices } from '../http/git-services.ts';
import { createLandingCheck } from '../wiki/landing/landing-check.ts';
import { refusedRefs } from './push-refs.ts';
import type { PushRefusal } from './push-report.ts';
import { demandWholeHistory } from './read-rights.ts';

export interface PushedPack {
  /** Who pushes. */
  principal: Principal;
  /** As it arrives. */
  pack: AsyncIterable<Uint8Array>;
  /** When the caller stops waiting, in runtime milliseconds. Default: as the landing has it. */
  deadlineMs?: number;
  signal?: AbortSignal;
}

/**
 * Carries out a push in the name of a caller, in one swap or not at all.
 * @returns why nothing of it was taken; undefined: all of it was
 * @throws KittiwakeError `body_cut` when the client goes away
 */
export async function push(
  git: GitServices,
  updates: readonly RefUpdate[],
  pushed: PushedPack,
): Promise<PushRefusal | undefined> {
  const refs = refusedRefs(updates, git.settings.gitRefs);
  const [refused] = refs.values();
  if (refused !== undefined) return noted(git, { error: refused, refs });
  try {
    const landed = await land(git, updates, pushed);
    git.pushed({ refs: updates.length, commits: landed.commits, bytes: landed.bytes });
    return undefined;
  } catch (error) {
    if (isKittiwakeError(error, 'body_cut')) throw error;
    return noted(git, refusalOf(error, updates));
  }
}

async function land(
  git: GitServices,
  updates: readonly RefUpdate[],
  { principal, pack, deadlineMs, signal }: PushedPack,
): Promise<Landed & { bytes: number }> {
  const { repository, access, rules, scratch, settings } = git;
  const allowed = createLandingCheck({ ...rules, access });
  // What is pushed may be made of all that there is: nothing of it may be hidden from whoever pushes.
  const check: LandingCheck = async (view, history) => {
    await demandWholeHistory(git, view, principal);
    await allowed(view, history);
  };
  const hasPack = updates.some(({ after }) => after !== undefined);
  // Already what is wrong with a pack tells of the objects that it builds on.
  await demandWholeHistory(git, await repository.view(), principal);
  const intake = {
    repository,
    pack: hasPack ? pack : undefined,
    folder: scratch,
    maxBytes: settings.gitMaxPushBytes,
    signal,
  };
  return await withIncoming(intake, async objects => {
    const landing = {
      repository,
      objects,
      updates,
      check,
      signal,
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    };
    return { ...(await landCommits(landing)), bytes: objects.bytes };
  });
}

function refusalOf(cause: unknown, updates: readonly RefUpdate[]): PushRefusal {
  if (!isKittiwakeError(cause)) return { error: new KittiwakeError('internal', 'Internal error', { cause }) };
  const own = updates.find(({ ref }) => ref === cause.data.ref);
  return { error: cause, ...(own === undefined ? {} : { refs: new Map([[own.ref, cause]]) }) };
}

function noted(git: GitServices, refusal: PushRefusal): PushRefusal {
  git.refused('push', refusal.error);
  return refusal;
}

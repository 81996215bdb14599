import type { Principal } from '../auth/principal.ts';
import { isKittiwakeError, type KittiwakeError } from '../core/errors.ts';
import type { RefUpdate } from '../git/incoming/incoming.ts';
import { MAIN_REF } from '../git/ledger/ledger.ts';
import type { Oid } from '../git/object/objects.ts';
import type { GitServices } from '../http/git-services.ts';
import { gitRequestInvalid } from './errors.ts';
import { PacketReader } from './packet-reader.ts';
import { push } from './push.ts';
import { told } from './push-report.ts';
import { demandWholeHistory } from './read-rights.ts';
import { readHead } from './receive-head.ts';

export interface SentPush {
  /** Who sent it. */
  principal: Principal;
  /** What git would have sent: commands, then the pack (gitprotocol-pack(5)). */
  body: AsyncIterable<Uint8Array>;
  signal: AbortSignal;
}

/** Why nothing of a push was taken. */
export interface PushFailure {
  error: KittiwakeError;
  /** In the words that git would show. */
  said: string;
}

/**
 * Lands a push that was sent ahead, as any other. Repeating one that has landed changes nothing, whoever has gone on from there.
 * @returns why nothing of it was taken; or what the main line has become
 */
export async function landSentPush(
  git: GitServices,
  { principal, body, signal }: SentPush,
): Promise<{ refusal?: PushFailure; head?: Oid | undefined }> {
  const packets = new PacketReader(body);
  try {
    const head = await readHead(packets);
    if (head === undefined) throw gitRequestInvalid('it changes no ref');
    const landed = { head: head.updates.find(({ ref }) => ref === MAIN_REF)?.after };
    if (await isLanded(git, head.updates, principal)) return landed;
    const refusal = await push(git, head.updates, { principal, pack: packets.rest(), signal });
    return refusal === undefined ? landed : { refusal: refused(refusal.error) };
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    git.refused('push', error);
    return { refusal: refused(error) };
  }
}

function refused(error: KittiwakeError): PushFailure {
  return { error, said: told(error) };
}

/** Whether the main line has gone from what it was to what it becomes: an earlier attempt has done it. */
async function isLanded(
  git: GitServices,
  updates: readonly RefUpdate[],
  principal: Principal,
): Promise<boolean> {
  const view = await git.repository.view({ maxAgeMs: 0 });
  await demandWholeHistory(git, view, principal);
  for (const { ref, before, after } of updates) {
    if (view.ledger.refs[ref] === after) continue;
    if (ref !== MAIN_REF || after === undefined) return false;
    const to = await view.layers.findCommit(after);
    const from = before === undefined ? -1 : await view.layers.findCommit(before);
    if (to === undefined || from === undefined || from >= to) return false;
  }
  return true;
}

import { isKittiwakeError } from '../core/errors.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Remote, SyncResult } from './remote.ts';
import { type Remotes, updateRemote } from './remotes.ts';
import type { SyncOptions } from './sync.ts';

/** How long whoever asks waits for the result. */
const ANSWER_MS = 20_000;

export interface RunWish {
  pull: boolean;
  push: boolean;
  /** Merges a history that was replaced over there, too. Default false. */
  acceptRewritten?: boolean;
  /** How long whoever asks waits for it. Default 20 s. */
  timeoutMs?: number;
}

/** Pending: it goes on of itself, and the remote tells what came of it. */
export type RunOutcome = { kind: 'done'; result: SyncResult } | { kind: 'pending' };

export interface RunOptions {
  remotes: Remotes;
  runtime: Runtime;
  sync(name: string, options: SyncOptions): Promise<SyncResult>;
  /** Has what was asked for carried out by whoever does that of itself. */
  wake(): void;
}

/**
 * Pulls, pushes or both for somebody who waits for it. It is asked for first, so that it is done whatever becomes of this process.
 * @throws KittiwakeError those of `syncRemote`, but for `remote_late` and `remote_busy`
 */
export async function runRemote(
  { remotes, runtime, sync, wake }: RunOptions,
  name: string,
  { pull, push, acceptRewritten = false, timeoutMs = ANSWER_MS }: RunWish,
): Promise<RunOutcome> {
  const now = { atMs: runtime.now(), pull, push };
  await updateRemote(remotes, name, before => ({ ...before, requested: both(before.requested, now) }));
  try {
    return { kind: 'done', result: await sync(name, { pull, push, acceptRewritten, timeoutMs }) };
  } catch (error) {
    if (!isKittiwakeError(error, 'remote_late') && !isKittiwakeError(error, 'remote_busy')) throw error;
    wake();
    return { kind: 'pending' };
  }
}

function both(before: Remote['requested'], now: NonNullable<Remote['requested']>) {
  return { ...now, pull: now.pull || before?.pull === true, push: now.push || before?.push === true };
}

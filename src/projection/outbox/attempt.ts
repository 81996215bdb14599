import { isKittiwakeError } from '../../core/errors.ts';
import { type Runtime, randomId } from '../../core/runtime.ts';
import { type Document, type DocumentChange, documentIntent } from '../../swap/document.ts';
import type { Swap } from '../../swap/swap.ts';
import { type DueMessage, hasEnded } from './outbox-message.ts';
import type { SendOutcome } from './sending.ts';

/** An attempt that has not said what came of it for so long is taken over. */
export const LEASE_MS = 180_000;

export type MessageSwap = Swap<Document<DueMessage>>;

/** A message that this process is to send now. */
export interface Claimed {
  message: DueMessage;
  token: string;
  /** The attempt before never said what came of it. */
  isTakenOver: boolean;
}

/** Whether the message is to be sent at this moment. */
export function isDue(message: DueMessage, nowMs: number): boolean {
  const { state, claim, dueMs } = message;
  if (state === 'sending') return (claim?.untilMs ?? 0) <= nowMs;
  return state === 'waiting' && dueMs <= nowMs;
}

/** Begins an attempt. Null: it is not due any more; another process has it, or is done with it. */
export async function claim(swap: MessageSwap, runtime: Runtime): Promise<Claimed | null> {
  const nowMs = runtime.now();
  const token = randomId(runtime);
  const begin = (current: DueMessage): DocumentChange<DueMessage, Claimed | null> => {
    if (!isDue(current, nowMs)) return { result: null };
    const isTakenOver = current.state === 'sending';
    const message: DueMessage = {
      ...current,
      state: 'sending',
      attempts: current.attempts + 1,
      claim: { token, untilMs: nowMs + LEASE_MS },
      doubts: current.doubts + (isTakenOver ? 1 : 0),
    };
    return { body: message, result: { message, token, isTakenOver } };
  };
  return unlessGone(() => swap.submit(documentIntent(runtime, begin)));
}

/**
 * Notes what came of an attempt. Of several processes that have sent a message, one that reached the receiver is believed; a
 * failure is noted only by the attempt that nobody took over.
 * @returns the message as it is now; null: it has ended and is filed already
 */
export async function conclude(
  swap: MessageSwap,
  runtime: Runtime,
  given: { token: string; outcome: SendOutcome; backoffMs: readonly number[] },
): Promise<DueMessage | null> {
  const nowMs = runtime.now();
  const jitter = 0.8 + runtime.random() * 0.4;
  const end = (current: DueMessage): DocumentChange<DueMessage, DueMessage> => {
    const isOurs = current.state === 'sending' && current.claim?.token === given.token;
    if (hasEnded(current) || (!isOurs && given.outcome.kind !== 'sent')) return { result: current };
    const body = ended(current, given, { nowMs, jitter });
    return { body, result: body };
  };
  return unlessGone(() => swap.submit(documentIntent(runtime, end)));
}

function ended(
  { claim: _, ...message }: DueMessage,
  { outcome, backoffMs }: { outcome: SendOutcome; backoffMs: readonly number[] },
  { nowMs, jitter }: { nowMs: number; jitter: number },
): DueMessage {
  const { note } = outcome;
  const last = {
    atMs: nowMs,
    ...(outcome.kind === 'sent' ? {} : { code: outcome.code }),
    ...(note === undefined ? {} : { note }),
  };
  if (outcome.kind === 'sent') return { ...message, state: 'sent', last };
  const waitMs = outcome.kind === 'failed' ? backoffMs[message.attempts - 1] : undefined;
  if (waitMs === undefined) return { ...message, state: 'dead', last };
  return { ...message, state: 'waiting', dueMs: nowMs + Math.round(waitMs * jitter), last };
}

/** Null when the object was there and is not, or is younger than it was: its message has ended. */
async function unlessGone<R>(work: () => Promise<R>): Promise<R | null> {
  try {
    return await work();
  } catch (error) {
    if (isKittiwakeError(error, 'object_lost') || isKittiwakeError(error, 'object_absent')) return null;
    throw error;
  }
}

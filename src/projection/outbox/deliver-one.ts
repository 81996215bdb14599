import { isKittiwakeError } from '../../core/errors.ts';
import type { Document } from '../../swap/document.ts';
import { createSwap } from '../../swap/swapper.ts';
import { type Claimed, claim, conclude, isDue, LEASE_MS, type MessageSwap } from './attempt.ts';
import { putFirst } from './enqueue.ts';
import { isFiled } from './list.ts';
import { type DueMessage, hasEnded, keyOf, MESSAGE_FORMAT, type OutboxPlace } from './outbox-message.ts';
import type { Send, SendOutcome } from './sending.ts';

export interface DeliverOneOptions {
  place: OutboxPlace;
  key: string;
  send: Send;
  deadlineMs?: number | undefined;
  backoffMs: readonly number[];
  sendMs: number;
  /** Whether its receiver is to be left alone for now. */
  isResting(target: string): boolean;
}

/** What became of one message. */
export type Delivered =
  /** It had ended. */
  { kind: 'gone' } | { kind: 'waiting'; dueMs: number } | { kind: 'resting' } | Tried;

export interface Tried {
  kind: 'sent' | 'failed' | 'dead';
  possiblyDoubled: boolean;
  target: string;
  /** Of a failed one: when it is tried again. */
  dueMs: number;
}

/**
 * Sends a message when it is due. The steps, after each of which the process may end: the attempt is noted; the message is sent;
 * its end is noted, which is when it has ended; it is put where it belongs; it is removed from `due/`. Who finds one that has ended
 * does the rest.
 */
export async function deliverOne(options: DeliverOneOptions): Promise<Delivered> {
  const { place, key } = options;
  const { store, runtime } = place;
  const swap = createSwap({ store, key, format: MESSAGE_FORMAT, runtime });
  const held = await swap.read();
  if (held === undefined) return { kind: 'gone' };
  const { body: message } = held.value;
  if (hasEnded(message)) return fileAway(place, held.value);
  if (!isDue(message, runtime.now())) return { kind: 'waiting', dueMs: dueAgainMs(message) };
  if (options.isResting(message.target)) return { kind: 'resting' };
  const claimed = await claim(swap, runtime);
  if (claimed === null) return { kind: 'waiting', dueMs: runtime.now() + LEASE_MS };
  // A put that was under way for long may have brought it back. It lay where it belongs before it was removed from here.
  if (await isFiled(place, message.id)) {
    await store.delete([key]);
    return { kind: 'gone' };
  }
  return noted(options, swap, claimed, await trySend(options, claimed));
}

async function noted(
  { place, backoffMs }: DeliverOneOptions,
  swap: MessageSwap,
  { token, isTakenOver, message: { target } }: Claimed,
  outcome: SendOutcome,
): Promise<Delivered> {
  const message = await conclude(swap, place.runtime, { token, outcome, backoffMs });
  const document = swap.held()?.value;
  if (message !== null && document !== undefined && hasEnded(document.body)) {
    await fileAway(place, document);
  }
  const kind = outcome.kind === 'sent' ? 'sent' : message?.state === 'dead' ? 'dead' : 'failed';
  return { kind, possiblyDoubled: isTakenOver, target, dueMs: message?.dueMs ?? 0 };
}

async function trySend(options: DeliverOneOptions, claimed: Claimed): Promise<SendOutcome> {
  const { send, sendMs, deadlineMs = Number.POSITIVE_INFINITY, place } = options;
  const { id, target, payload, attempts, doubts } = claimed.message;
  const untilMs = Math.min(deadlineMs, place.runtime.now() + sendMs);
  try {
    const context = { attempt: attempts, possiblyDoubled: doubts > 0, deadlineMs: untilMs };
    return await send({ id, target, payload }, context);
  } catch (error) {
    return { kind: 'failed', code: isKittiwakeError(error) ? error.code : 'internal_error' };
  }
}

/** The end of a message is the same document below another key, whoever puts it there. */
async function fileAway(place: OutboxPlace, document: Document<DueMessage>): Promise<Delivered> {
  const { id, state } = document.body;
  const folder = state === 'sent' ? 'sent' : 'dead';
  const bytes = MESSAGE_FORMAT.encode(document, document.stamp);
  await putFirst(place, keyOf(place, folder, id), bytes);
  await place.store.delete([keyOf(place, 'due', id)]);
  return { kind: 'gone' };
}

function dueAgainMs({ state, claim: held, dueMs }: DueMessage): number {
  return state === 'sending' ? (held?.untilMs ?? 0) : dueMs;
}

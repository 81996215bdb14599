import { sha256 } from '../../core/bytes.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { type Document, documentFormat } from '../../swap/document.ts';
import { messageInvalid, messageUnreadable } from './errors.ts';

/** What is to be sent. It holds no text of pages: what may be told is decided when it is sent. */
export interface OutboxMessage {
  /** 1 to 200 letters, digits, `.`, `_`, `=` and `-`; follows from what is told to whom. */
  id: string;
  /** Whom it goes to: an address, a name of a receiver. */
  target: string;
  /** JSON, up to 16 kB. */
  payload: unknown;
}

/** Small facts to show: a status, a server's answer. No secrets, no content. */
export type SendNote = Readonly<Record<string, string | number>>;

/** A message and what became of it so far. */
export interface DueMessage extends OutboxMessage {
  state: 'waiting' | 'sending' | 'sent' | 'dead';
  /** Begun so far. */
  attempts: number;
  /** Not to be tried before, in milliseconds since the epoch; 0: at once. */
  dueMs: number;
  /** Of a message that is being sent: by which attempt, and when another one may take it over. */
  claim?: { token: string; untilMs: number };
  /** Attempts that were taken over: each may have reached the receiver. */
  doubts: number;
  /** Of the last attempt that was noted. */
  last?: { atMs: number; code?: string; note?: SendNote };
  /** The message that it repeats. */
  replayOf?: string;
  /** The newest that repeats it. */
  replayedAs?: string;
}

/** Where the messages of one kind lie. */
export interface OutboxPlace {
  store: ByteStore;
  runtime: Runtime;
  /** `outbox/<uuid>/<kind>/`. */
  prefix: string;
}

/** Those that have not ended, and the two ends. */
export type OutboxFolder = 'due' | 'sent' | 'dead';

/** How a message lies in the store: a document `outbox/<uuid>/<kind>/<due, sent or dead>/<id>`. */
export const MESSAGE_FORMAT = documentFormat('outbox 1', parseMessage);

const MAX_PAYLOAD_CHARACTERS = 16_384;

export function keyOf({ prefix }: OutboxPlace, folder: OutboxFolder, id: string): string {
  return `${prefix}${folder}/${id}`;
}

/** @throws KittiwakeError `outbox_message_invalid` */
export function checkMessage({ id, target, payload }: OutboxMessage): void {
  if (!isMessageId(id)) throw messageInvalid(id, 'its id has characters or a length that keys cannot have');
  if (target.length > 1_000) throw messageInvalid(id, 'its target is longer than 1000 characters');
  const { length } = JSON.stringify(payload) ?? '';
  if (length === 0 || length > MAX_PAYLOAD_CHARACTERS) {
    throw messageInvalid(id, `its payload has ${length} characters, wanted 1 to ${MAX_PAYLOAD_CHARACTERS}`);
  }
}

export function isMessageId(id: string): boolean {
  return /^[A-Za-z0-9_=][A-Za-z0-9._=-]{0,199}$/.test(id);
}

/** The first version of a message: the same bytes, whoever makes them. */
export function firstVersion(place: OutboxPlace, message: OutboxMessage, replayOf?: string): Buffer[] {
  const { id, target, payload } = message;
  const body: DueMessage = { id, target, payload, state: 'waiting', attempts: 0, dueMs: 0, doubts: 0 };
  if (replayOf !== undefined) body.replayOf = replayOf;
  const digest = sha256(`${place.prefix}${id}`).toString('hex');
  const stamp = { uuid: digest.slice(0, 32), seq: 1, nonce: `${digest.slice(32, 60)}0000` };
  const first: Document<DueMessage> = { stamp, writes: [], body };
  return MESSAGE_FORMAT.encode(first, stamp) as Buffer[];
}

/** True for a message that only has to be put where it belongs. */
export function hasEnded({ state }: DueMessage): boolean {
  return state === 'sent' || state === 'dead';
}

function parseMessage(body: unknown): DueMessage {
  const { id, target, state, attempts, dueMs, doubts, claim } = body as Partial<DueMessage>;
  const isSound =
    [id, target].every(text => typeof text === 'string') &&
    ['waiting', 'sending', 'sent', 'dead'].includes(state ?? '') &&
    [attempts, dueMs, doubts].every(Number.isSafeInteger) &&
    (claim === undefined || (typeof claim.token === 'string' && Number.isSafeInteger(claim.untilMs)));
  if (!isSound) throw messageUnreadable();
  return body as DueMessage;
}

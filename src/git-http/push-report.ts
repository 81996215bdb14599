import type { KittiwakeError } from '../core/errors.ts';
import type { RefUpdate } from '../git/incoming/incoming.ts';
import { publicText, statusOf } from '../http/status.ts';
import { FLUSH, packet } from '../net/git/pkt-line.ts';
import type { PushHead } from './receive-head.ts';
import { banded } from './side-band.ts';

/** Why nothing of a push was taken. */
export interface PushRefusal {
  error: KittiwakeError;
  /** Refs that are refused for themselves. Absent or empty: none is, all of it is refused. */
  refs?: ReadonlyMap<string, KittiwakeError>;
}

/**
 * What became of a push, `report-status` of gitprotocol-pack(5): for each ref a line, and for the person at the other end what
 * there is to say. A push is taken as a whole or not at all.
 * @param refusal undefined: all refs are what they were wanted to be
 */
export function pushReport({ updates, capabilities }: PushHead, refusal: PushRefusal | undefined): Buffer {
  const lines = ['unpack ok\n', ...updates.map(update => line(update, refusal))];
  const report = Buffer.from(lines.map(packet).join('') + FLUSH);
  if (!capabilities.has('side-band-64k')) return report;
  const said = refusal === undefined ? '' : sayings(refusal);
  return Buffer.concat([banded(2, Buffer.from(said)), banded(1, report), Buffer.from(FLUSH)]);
}

function line({ ref }: RefUpdate, refusal: PushRefusal | undefined): string {
  if (refusal === undefined) return `ok ${ref}\n`;
  const own = refusal.refs?.get(ref);
  if (own === undefined && refusal.refs !== undefined && refusal.refs.size > 0)
    return `ng ${ref} nothing is taken of this push, another ref is refused\n`;
  return `ng ${ref} ${reasonOf(own ?? refusal.error)}\n`;
}

/** What git shows behind a ref. */
export function reasonOf({ code }: Pick<KittiwakeError, 'code'>): string {
  return `${SHORT[code] ?? 'refused'} (${code})`;
}

function sayings({ error, refs }: PushRefusal): string {
  const errors = refs === undefined || refs.size === 0 ? [error] : [...refs.values()];
  const texts = new Set(errors.map(each => `Kittiwake: ${told(each)}.${REMEDIES[each.code] ?? ''}`));
  return [...texts]
    .slice(0, MAX_SAYINGS)
    .map(text => `${text}\n`)
    .join('');
}

const MAX_SAYINGS = 20;

/** By code. */
const SHORT: Readonly<Record<string, string>> = {
  forbidden: 'not allowed',
  not_fast_forward: 'fetch first',
  outcome_unknown: 'outcome unknown',
  plugin_refused: 'hook declined',
  landing_changed: 'hook declined',
  quota_bytes: 'quota exceeded',
  quota_pages: 'quota exceeded',
  ref_moved: 'fetch first',
};

/** What helps whoever uses git itself. */
const REMEDIES: Readonly<Record<string, string>> = {
  pack_too_large: ' Run "kittiwake push" in the clone: it sends what is larger',
};

/** Said otherwise than to who writes a page. */
const TOLD: Readonly<Record<string, string>> = {
  contention: 'The wiki is busy: nothing was pushed, try again',
  outcome_unknown: 'It is not known whether this push took effect: fetch, and push again what is not there',
};

/** About what was sent, though the same codes can tell of what is stored. */
const ABOUT_THE_PUSH = new Set(['delta_corrupt', 'object_corrupt', 'object_missing', 'pack_corrupt']);

/** What is said to whoever pushes. */
export function told(error: KittiwakeError): string {
  const isInside = statusOf(error) === 500 && !ABOUT_THE_PUSH.has(error.code);
  // What a terminal would obey, or take for a line of git's own.
  return isInside ? 'Internal error' : (TOLD[error.code] ?? publicText(error)).replace(/\p{Cc}+/gu, ' ');
}

import { isKittiwakeError } from '../../core/errors.ts';
import { type Runtime, randomId } from '../../core/runtime.ts';
import type { PutCondition, PutOutcome } from '../byte-store.ts';
import { refusal } from './answers.ts';
import { NO_VERSION, type Quoting } from './conditions.ts';
import { unconditional } from './errors.ts';
import type { Place } from './place.ts';
import type { HttpAnswer } from './transport.ts';

/** How the probe reaches the store: an object that no key names. */
export interface Probed {
  place: Place;
  runtime: Runtime;
  put(object: string, text: string, condition: PutCondition, quoting: Quoting): Promise<PutOutcome>;
  get(object: string): Promise<HttpAnswer>;
  remove(object: string): Promise<void>;
}

/**
 * Makes sure that a server heeds the conditions of a PUT, and finds out how it wants the ETag of `If-Match`: first as
 * `expected`, then the other way.
 * @throws KittiwakeError `storage_unconditional`; what a put, a get or a removal throws
 */
export async function probeConditions(store: Probed, expected: Quoting): Promise<Quoting> {
  const object = `~probe-${randomId(store.runtime)}`;
  try {
    return await probe(store, object, [expected, expected === 'quoted' ? 'bare' : 'quoted']);
  } finally {
    // As far as possible: what went wrong before is what matters.
    await store.remove(object).catch(() => {});
  }
}

async function probe(store: Probed, object: string, quotings: readonly Quoting[]): Promise<Quoting> {
  const { place } = store;
  const version = await create(store, object);
  if (await isStored(store.put(object, 'second', { ifAbsent: true }, 'bare'))) {
    throw unconditional(place, 'ignores If-None-Match');
  }
  for (const quoting of quotings) {
    const stale = store.put(object, 'stale', { ifMatch: NO_VERSION }, quoting);
    if (await isStored(stale)) throw unconditional(place, 'ignores If-Match');
  }
  for (const quoting of quotings) {
    if (!(await isStored(store.put(object, 'swapped', { ifMatch: version }, quoting)))) continue;
    await expectContent(store, object);
    return quoting;
  }
  throw unconditional(place, 'refuses If-Match with the current ETag');
}

async function create(store: Probed, object: string): Promise<string> {
  const outcome = await store.put(object, 'first', { ifAbsent: true }, 'bare');
  if (outcome.kind === 'unknown') throw outcome.cause;
  if (outcome.kind === 'stored') return outcome.version;
  throw unconditional(store.place, 'refuses If-None-Match for an object that does not exist');
}

/** A server may also refuse a condition as malformed. That it was not reached says nothing. */
async function isStored(put: Promise<PutOutcome>): Promise<boolean> {
  const outcome = await put.catch((error: unknown): PutOutcome => {
    if (!isKittiwakeError(error, 'storage_failed') || error.cause !== undefined) throw error;
    return { kind: 'conflict', reason: 'changed' };
  });
  if (outcome.kind === 'unknown') throw outcome.cause;
  return outcome.kind === 'stored';
}

async function expectContent(store: Probed, object: string): Promise<void> {
  const answer = await store.get(object);
  if (answer.status !== 200) throw refusal({ action: 'Reading', key: object }, store.place, answer);
  if (answer.bytes.toString() !== 'swapped')
    throw unconditional(store.place, 'does not give back what was written');
}

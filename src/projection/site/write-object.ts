import { type Runtime, randomId } from '../../core/runtime.ts';
import type { Body, ByteStore, GetOutcome } from '../../storage/byte-store.ts';
import { projectionUnsettled } from '../errors.ts';
import { isStreamed, type MadeObject, makeObject, type Streamed } from './make-object.ts';
import type { Made } from './make-page.ts';
import { siteHeaders } from './site-headers.ts';
import { encodeUrl, siteUrl } from './site-key.ts';
import type { SiteView } from './site-view.ts';
import { renderNotFound } from './theme/notices.ts';
import { rootFrom } from './theme/relative-url.ts';

export interface WriteContext {
  store: ByteStore;
  runtime: Runtime;
  site: SiteView;
  /** What stands before every key. */
  prefix: string;
  /** Whether another run may be about to write the object. */
  isContested(key: string): boolean;
  /** Rejects when another run has gone further, so that this one begins anew. */
  checkNewest(): Promise<void>;
  /** Told of a key that a call which was given up may still change, whatever is done in the meantime. */
  doubt(key: string): void;
}

/** What was done for one key. */
export interface Written {
  outcome: 'same' | 'written' | 'deleted' | 'buried';
  /** Why the page could not be shown. */
  failure?: unknown;
}

/** Each means that somebody else wrote the same object. */
const MAX_ATTEMPTS = 20;

/**
 * Brings one object to what it should be: reads it, and writes it where it differs, on condition that nobody else has. Where there
 * should be none, and another run may be about to write one, a tombstone takes its place: then that run finds something else than it
 * looked at.
 * @throws KittiwakeError `projection_unsettled`; what `checkNewest` rejects with; those of the store
 */
export async function writeObject(key: string, context: WriteContext): Promise<Written> {
  const { store, prefix, site } = context;
  const at = prefix + key;
  let mayBeOurs = false;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    if (attempt > 0) await context.checkNewest();
    const held = await store.get(at, isStreamed(key) ? { range: { start: 0, end: 0 } } : {});
    const made = await makeObject(key, site, held.kind === 'found' ? held.bytes : undefined);
    if (made === undefined) {
      const gone = await remove(key, held, context);
      if (gone !== undefined) return gone;
      continue;
    }
    const failure = 'failure' in made ? { failure: made.failure } : {};
    if (isSame(held, made)) return { outcome: mayBeOurs ? 'written' : 'same', ...failure };
    if (await isStored(key, held, made, context)) return { outcome: 'written', ...failure };
    mayBeOurs = true;
  }
  throw projectionUnsettled('site', MAX_ATTEMPTS);
}

function isSame(held: GetOutcome, made: MadeObject): boolean {
  if (held.kind !== 'found') return false;
  return 'bytes' in made ? held.bytes.equals(made.bytes) : held.size === made.size;
}

async function isStored(
  key: string,
  held: GetOutcome,
  made: Made | Streamed,
  context: WriteContext,
): Promise<boolean> {
  if ('bytes' in made) return await isPut(key, held, [made.bytes], context);
  const { store, prefix } = context;
  if (held.kind === 'found') await orDoubt(key, context, () => store.delete([prefix + key]));
  const { chunks } = await made.open();
  const http = siteHeaders(key);
  await orDoubt(key, context, () => store.upload(prefix + key, chunks, { http }));
  return true;
}

/** Undefined: somebody else wrote it. */
async function remove(key: string, held: GetOutcome, context: WriteContext): Promise<Written | undefined> {
  const { store, prefix, site, runtime } = context;
  if (context.isContested(key) && !isStreamed(key)) {
    // Whoever wrote it may have died before it was noted.
    if (held.kind === 'found' && isTombstone(held.bytes)) return { outcome: 'buried' };
    const body = [tombstone(key, site, randomId(runtime))];
    return (await isPut(key, held, body, context)) ? { outcome: 'buried' } : undefined;
  }
  if (held.kind !== 'found') return { outcome: 'same' };
  await orDoubt(key, context, () => store.delete([prefix + key]));
  return { outcome: 'deleted' };
}

/** False: somebody else wrote it, or nobody knows what became of it. */
async function isPut(key: string, held: GetOutcome, body: Body, context: WriteContext): Promise<boolean> {
  const { store, prefix } = context;
  const condition = held.kind === 'found' ? { ifMatch: held.version } : ({ ifAbsent: true } as const);
  const { kind } = await store.put(prefix + key, body, condition, { http: siteHeaders(key) });
  if (kind === 'unknown') context.doubt(key);
  return kind === 'stored';
}

/** What fails may take effect later. */
async function orDoubt<T>(key: string, { doubt }: WriteContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    doubt(key);
    throw error;
  }
}

const MARK = '<!-- gone ';

/** The page for what is missing, and never twice the same: where versions follow the content, none comes back. */
function tombstone(key: string, { settings }: SiteView, id: string): Buffer {
  const url = encodeUrl(siteUrl(key) ?? '');
  return Buffer.from(`${renderNotFound(settings.info, rootFrom(url))}${MARK}${id} -->\n`);
}

export function isTombstone(bytes: Buffer): boolean {
  return /<!-- gone [0-9a-f]{32} -->\n$/.test(bytes.subarray(-64).toString('latin1'));
}

import type { Runtime } from '../../core/runtime.ts';
import type { ByteStore, Listing } from '../../storage/byte-store.ts';
import { type DocumentChange, documentIntent } from '../../swap/document.ts';
import { indexKey, indexPrefix, isPointer, openPointer, type Pointer } from './pointer.ts';

export interface SweepOptions {
  store: ByteStore;
  uuid: string;
  runtime: Runtime;
  /** How old an object that was never published must be to be condemned. Default one hour. */
  orphanGraceMs?: number;
  /** How long a condemned object stays for those who read the pointer before. Default 15 minutes. */
  readerGraceMs?: number;
}

export interface SweptIndexes {
  /** Objects that were left behind before they were published. */
  condemned: number;
  deleted: number;
  /** The published one was not there any more; the next may be published at once. */
  lost: boolean;
}

/**
 * Deletes indexes that were replaced or never published, in two steps: a swap condemns the name, which fences who would publish it
 * yet; after the readers' grace the object goes.
 */
export async function sweepPublished(options: SweepOptions): Promise<SweptIndexes> {
  const { store, uuid, runtime, orphanGraceMs = 3_600_000, readerGraceMs = 900_000 } = options;
  const pointer = openPointer(store, uuid, runtime);
  const before = (await pointer.read())?.value.body;
  if (!before) return { condemned: 0, deleted: 0, lost: false };
  const stored = await listObjects(store, uuid);
  const nowMs = runtime.now();
  const known = new Set(before.condemned.map(each => each.object));
  const orphans = stored
    .filter(({ name, modifiedMs }) => !known.has(name) && modifiedMs <= nowMs - orphanGraceMs)
    .map(({ name }) => name);
  const lost = before.current?.object;
  const isLost = lost !== undefined && !stored.some(({ name }) => name === lost);
  const seconds = Math.floor(nowMs / 1000);
  const change = (work: (body: Pointer) => DocumentChange<Pointer, number>) =>
    pointer.submit(documentIntent(runtime, work));
  const condemned = await change(body => condemn(body, orphans, isLost ? lost : undefined, seconds));
  const due = before.condemned.filter(each => each.seconds * 1000 <= nowMs - readerGraceMs);
  const names = due.map(each => each.object);
  if (names.length > 0) await store.delete(names.map(name => indexKey(uuid, name)));
  const deleted = await change(body => drop(body, names));
  return { condemned, deleted, lost: isLost };
}

function condemn(
  body: Pointer,
  orphans: readonly string[],
  lost: string | undefined,
  seconds: number,
): DocumentChange<Pointer, number> {
  const isLost = lost !== undefined && body.current?.object === lost;
  const taken = new Set([body.current?.object, ...body.condemned.map(each => each.object)]);
  const fresh = orphans.filter(object => !taken.has(object));
  if (fresh.length === 0 && !isLost) return { result: 0 };
  const condemned = [...body.condemned, ...fresh.map(object => ({ object, seconds }))];
  return {
    body: { ...body, condemned, current: isLost ? null : body.current },
    result: fresh.length,
  };
}

function drop(body: Pointer, names: readonly string[]): DocumentChange<Pointer, number> {
  const condemned = body.condemned.filter(each => !names.includes(each.object));
  const count = body.condemned.length - condemned.length;
  if (count === 0) return { result: 0 };
  return { body: { ...body, condemned, collections: body.collections + 1 }, result: count };
}

/** All but the pointer. */
async function listObjects(store: ByteStore, uuid: string): Promise<{ name: string; modifiedMs: number }[]> {
  const prefix = indexPrefix(uuid);
  const found: Listing['objects'] = [];
  for (let after: string | undefined, more = true; more; ) {
    const page = await store.list(prefix, after === undefined ? {} : { after });
    found.push(...page.objects);
    after = page.objects.at(-1)?.key;
    more = page.more;
  }
  const named = found.map(({ key, modifiedMs }) => ({ name: key.slice(prefix.length), modifiedMs }));
  return named.filter(({ name }) => !isPointer(name));
}

import { sha256 } from '../core/bytes.ts';
import { isKittiwakeError } from '../core/errors.ts';
import { type Runtime, randomId } from '../core/runtime.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import { documentIntent, newDocument } from '../swap/document.ts';
import { createSwap } from '../swap/swapper.ts';
import { DRAFT_FORMAT, type Draft } from './draft.ts';
import { draftChanged, draftsFull } from './errors.ts';

/** Of one author in one wiki. */
export const MAX_DRAFTS = 100;

/** Drafts that are read at once for a list. */
const READS_AT_ONCE = 16;

const DAY_MS = 86_400_000;

export interface DraftsOptions {
  store: ByteStore;
  /** Of the wiki. */
  uuid: string;
  /** Id of the principal: nobody else reaches these drafts. */
  author: string;
  runtime: Runtime;
  /** After so many days without a change a draft is gone. */
  keptDays: number;
}

export type DraftInput = Pick<Draft, 'file' | 'content' | 'baseRevision' | 'cursor'>;

export interface SaveOptions {
  /** Whether the draft may be the one of this version (undefined: none). Default: whichever; the last save wins. */
  accepts?(version: string | undefined): boolean;
  deadlineMs?: number;
}

/** The drafts of one author. Each is an object of its own, and nothing else is asked for when one is saved or read. */
export interface Drafts {
  /** When a draft goes that is not changed any more, in milliseconds. */
  expiresMs(draft: Draft): number;
  /** Undefined: there is none, or it is too old. */
  read(file: string): Promise<Draft | undefined>;
  /** @throws KittiwakeError `precondition_failed`, `drafts_full`; those of the store */
  save(input: DraftInput, options?: SaveOptions): Promise<{ draft: Draft; created: boolean }>;
  /** Also when there is none. What is saved at the same time comes before or after it. */
  discard(file: string): Promise<void>;
  /** All of them, in no order. */
  list(): Promise<Draft[]>;
}

/** Below it lie the drafts of one author; of a wiki, when no author is given. */
export function draftPrefix(uuid: string, author?: string): string {
  return author === undefined ? `drafts/${uuid}/` : `drafts/${uuid}/${sha256(author).toString('hex')}/`;
}

export function openDrafts({ store, uuid, author, runtime, keptDays }: DraftsOptions): Drafts {
  const prefix = draftPrefix(uuid, author);
  const keyOf = (file: string) => `${prefix}${sha256(file).toString('hex')}`;
  const expiresMs = ({ updatedMs }: Draft) => updatedMs + keptDays * DAY_MS;
  const isKept = (draft: Draft) => expiresMs(draft) > runtime.now();

  async function get(key: string): Promise<Draft | undefined> {
    const found = await store.get(key);
    const draft = found.kind === 'found' ? DRAFT_FORMAT.decode(found.bytes).body : undefined;
    return draft !== undefined && isKept(draft) ? draft : undefined;
  }

  async function list(): Promise<Draft[]> {
    const { objects } = await store.list(prefix);
    const drafts: Draft[] = [];
    for (let start = 0; start < objects.length; start += READS_AT_ONCE) {
      const some = await Promise.all(objects.slice(start, start + READS_AT_ONCE).map(({ key }) => get(key)));
      drafts.push(...some.filter(draft => draft !== undefined));
    }
    return drafts;
  }

  async function checkRoom(): Promise<void> {
    const { objects } = await store.list(prefix, { limit: MAX_DRAFTS });
    if (objects.length >= MAX_DRAFTS && (await list()).length >= MAX_DRAFTS) throw draftsFull(MAX_DRAFTS);
  }

  async function save(input: DraftInput, { accepts = () => true, deadlineMs }: SaveOptions = {}) {
    const draft = { ...input, updatedMs: runtime.now(), version: randomId(runtime).slice(0, 16) };
    const check = (before: Draft | undefined) => {
      if (!accepts(before?.version)) throw draftChanged(input.file);
    };
    const replace = documentIntent<Draft, { created: boolean }>(runtime, before => {
      const known = isKept(before) ? before : undefined;
      check(known);
      return { body: draft, result: { created: known === undefined } };
    });
    for (;;) {
      const limit = deadlineMs === undefined ? {} : { deadlineMs: deadlineMs - runtime.now() };
      const swap = createSwap({ store, key: keyOf(input.file), format: DRAFT_FORMAT, runtime, ...limit });
      try {
        return { draft, ...(await swap.submit(replace)) };
      } catch (error) {
        // Removed while it was saved, and perhaps there again.
        if (isKittiwakeError(error, 'object_lost') || isKittiwakeError(error, 'object_replaced')) continue;
        if (!isKittiwakeError(error, 'object_absent')) throw error;
      }
      check(undefined);
      await checkRoom();
      try {
        await swap.create(newDocument(runtime, draft));
        return { draft, created: true };
      } catch (error) {
        if (!isKittiwakeError(error, 'object_exists')) throw error;
      }
    }
  }

  return {
    expiresMs,
    read: file => get(keyOf(file)),
    save,
    discard: file => store.delete([keyOf(file)]),
    list,
  };
}

import { KittiwakeError } from '../core/errors.ts';
import { type Runtime, randomId } from '../core/runtime.ts';
import type { Format, Intent, Stamp } from './swap.ts';

/** A document remembers the ids of the writes of so many versions: enough to find one's own after an unknown outcome. */
const REMEMBERED_VERSIONS = 64;

/**
 * A small mutable object (a token, a draft, a job): one JSON text
 * `{"format", "uuid", "seq", "nonce", "writes", "body"}`, where `writes` are the newest
 * writes by version and id, newest last.
 */
export interface Document<B> {
  stamp: Stamp;
  writes: readonly Write[];
  body: B;
}

/** The seq of the version that a write made, and its id. */
export type Write = readonly [seq: number, id: string];

/** A document that is yet to be created. */
export function newDocument<B>(runtime: Runtime, body: B): Document<B> {
  return { stamp: { uuid: randomId(runtime), seq: 0, nonce: '' }, writes: [], body };
}

/**
 * @param name the kind of document and its version, for example `draft 1`; another one is refused
 * @param parse turns the JSON body into a `B`, or throws
 */
export function documentFormat<B>(name: string, parse: (body: unknown) => B): Format<Document<B>> {
  return {
    decode: bytes => {
      const { format, uuid, seq, nonce, writes, body } = JSON.parse(bytes.toString('utf8'));
      if (format !== name) throw unreadable(name, format);
      return { stamp: { uuid, seq, nonce }, writes, body: parse(body) };
    },
    encode: ({ writes, body }, { uuid, seq, nonce }) => [
      Buffer.from(JSON.stringify({ format: name, uuid, seq, nonce, writes, body })),
    ],
    stampOf: document => document.stamp,
    stamped: (document, stamp) => ({ ...document, stamp }),
  };
}

/** What a change of a document comes to: a new body, or none (the document is kept). */
export type DocumentChange<B, R> = { body?: B; result: R };

/**
 * The intent to change a document's body.
 * @param change decides from the current body alone; runs again on every attempt; throws a KittiwakeError to refuse
 */
export function documentIntent<B, R extends NonNullable<unknown> | null>(
  runtime: Runtime,
  change: (body: B) => DocumentChange<B, R>,
): Intent<Document<B>, R> {
  /** By the id under which it was written: of several attempts on one version, any may be the one that landed. */
  const results = new Map<string, R>();
  return {
    apply: async current => {
      const { body, result } = change(current.body);
      if (body === undefined) return { kind: 'keep', result };
      const id = randomId(runtime).slice(0, 16);
      results.set(id, result);
      return { kind: 'change', value: { ...current, writes: remembering(current, id), body }, result };
    },
    settle: async (current, base) => {
      const landed = current.writes.find(([, id]) => results.has(id));
      if (landed !== undefined) return results.get(landed[1]);
      if (current.stamp.seq - base.stamp.seq <= REMEMBERED_VERSIONS) return undefined;
      throw new KittiwakeError(
        'outcome_unknown',
        'Writing a document: too many versions followed to tell the outcome',
      );
    },
  };
}

function remembering<B>({ writes, stamp }: Document<B>, id: string): Write[] {
  const seq = stamp.seq + 1;
  return [...writes.filter(write => seq - write[0] < REMEMBERED_VERSIONS), [seq, id]];
}

function unreadable(wanted: string, found: unknown): KittiwakeError {
  return new KittiwakeError(
    'object_unreadable',
    `Reading a document: its format is ${JSON.stringify(found)}, wanted "${wanted}"`,
    { data: { found, wanted } },
  );
}

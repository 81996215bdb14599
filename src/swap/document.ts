import { KittiwakeError } from '../core/errors.ts';
import { type Runtime, randomId } from '../core/runtime.ts';
import { Attempts, type Write } from './attempts.ts';
import type { Format, Intent, Stamp } from './swap.ts';

/**
 * A small mutable object (a token, a draft, a job): one JSON text
 * `{"format", "uuid", "seq", "nonce", "turn", "writes", "body"}`, where `writes` are the newest
 * writes by version and id, newest last, and `turn` is there when somebody asks for a turn.
 */
export interface Document<B> {
  stamp: Stamp;
  writes: readonly Write[];
  body: B;
}

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
      const { format, uuid, seq, nonce, turn, writes, body } = JSON.parse(bytes.toString('utf8'));
      if (format !== name) throw unreadable(name, format);
      return { stamp: { uuid, seq, nonce, turn }, writes, body: parse(body) };
    },
    encode: ({ writes, body }, { uuid, seq, nonce, turn }) => [
      Buffer.from(JSON.stringify({ format: name, uuid, seq, nonce, turn, writes, body })),
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
  const attempts = new Attempts<R>(runtime);
  return {
    apply: async current => {
      const { body, result } = change(current.body);
      if (body === undefined) return { kind: 'keep', result };
      return { kind: 'change', value: { ...current, writes: attempts.add(current, result), body }, result };
    },
    settle: async (current, base) => attempts.landed(current, base),
  };
}

function unreadable(wanted: string, found: unknown): KittiwakeError {
  return new KittiwakeError(
    'object_unreadable',
    `Reading a document: its format is ${JSON.stringify(found)}, wanted "${wanted}"`,
    { data: { found, wanted } },
  );
}

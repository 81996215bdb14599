import { isKittiwakeError } from '../../core/errors.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import { type Document, documentFormat, documentIntent, newDocument } from '../../swap/document.ts';
import type { Format, Swap } from '../../swap/swap.ts';
import { createSwap } from '../../swap/swapper.ts';
import { isSame } from '../cursors.ts';
import type { Cursor } from '../projection.ts';
import { type ParseOwn, type ProjectionState, parseState } from './projection-state.ts';

export interface StateDocumentOptions<E> {
  store: ByteStore;
  /** Of the wiki. */
  uuid: string;
  /** Of the projection. */
  name: string;
  runtime: Runtime;
  /** What it keeps besides the cursor, before anything was kept. */
  own: E;
  /** Reads that from JSON, or throws. */
  parseOwn: ParseOwn<E>;
}

/** What a change of the state comes to; without `state` it stays as it is. */
export type StateChange<E, R> = { state?: ProjectionState<E>; result: R };

/** The state of a projection that is not in a database: `projections/<uuid>/<name>`, a document that is swapped. */
export interface StateDocument<E> {
  /** As it is stored now; that of an empty projection when there is none. */
  read(): Promise<ProjectionState<E>>;
  /**
   * Changes the state. `change` decides from the state alone, and runs again on every attempt.
   * @throws KittiwakeError what `change` threw; those of {@link Swap.submit}
   */
  change<R extends NonNullable<unknown> | null>(
    change: (state: ProjectionState<E>) => StateChange<E, R>,
  ): Promise<R>;
  /**
   * Moves the cursor on while it is `from`, together with what else `update` changes.
   * @returns false when another run has moved it meanwhile: nothing was changed then
   */
  advance(
    from: Cursor | undefined,
    to: Cursor,
    update?: (state: ProjectionState<E>) => ProjectionState<E>,
  ): Promise<boolean>;
}

export function stateKey(uuid: string, name: string): string {
  return `projections/${uuid}/${name}`;
}

export function openStateDocument<E>(options: StateDocumentOptions<E>): StateDocument<E> {
  const { store, uuid, name, runtime, own, parseOwn } = options;
  const key = stateKey(uuid, name);
  const format: Format<Document<ProjectionState<E>>> = documentFormat('projection 1', body =>
    parseState(body, parseOwn, key),
  );
  const empty = (): ProjectionState<E> => ({ cursor: null, told: 0, setAside: [], dropped: 0, own });
  const open = (): Swap<Document<ProjectionState<E>>> => createSwap({ store, key, format, runtime });
  let swap = open();

  async function change<R extends NonNullable<unknown> | null>(
    decide: (state: ProjectionState<E>) => StateChange<E, R>,
  ): Promise<R> {
    const intent = () =>
      documentIntent<ProjectionState<E>, R>(runtime, state => {
        const { state: body, result } = decide(state);
        return body === undefined ? { result } : { body, result };
      });
    for (;;) {
      try {
        return await swap.submit(intent());
      } catch (error) {
        if (isGone(error)) swap = open();
        else if (!isKittiwakeError(error, 'object_absent')) throw error;
      }
      const { state, result } = decide(empty());
      if (state === undefined) return result;
      try {
        await swap.create(newDocument(runtime, state));
        return result;
      } catch (error) {
        if (!isGone(error) && !isKittiwakeError(error, 'object_exists')) throw error;
        swap = open();
      }
    }
  }

  return {
    change,
    async read() {
      try {
        return (await swap.read())?.value.body ?? empty();
      } catch (error) {
        if (!isGone(error)) throw error;
        swap = open();
        return (await swap.read())?.value.body ?? empty();
      }
    },
    advance: (from, to, update = state => state) =>
      change(state => {
        if (!isSame(state.cursor ?? undefined, from)) return { result: false };
        return { state: { ...update(state), cursor: to, told: 0 }, result: true };
      }),
  };
}

/** Deleted, or deleted and made again: it may be at any time. */
function isGone(error: unknown): boolean {
  return isKittiwakeError(error, 'object_lost') || isKittiwakeError(error, 'object_replaced');
}

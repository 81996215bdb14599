import type { Oid } from '../git/object/objects.ts';
import type { LedgerRepository } from '../git/open.ts';
import { CommitGraph } from '../git/outgoing/commit-graph.ts';
import { selected, selectObjects } from '../git/outgoing/outgoing.ts';
import { PackedObjects } from '../git/outgoing/packed-objects.ts';
import { sourcePacks } from '../git/outgoing/source-pack.ts';
import type { LedgerView } from '../git/view/view.ts';

export interface SentPack {
  want: Oid;
  /** Commits of the wiki that the other side has, with all that they lead to. */
  haves: readonly Oid[];
  /** What the other side says of itself. */
  capabilities: ReadonlySet<string>;
  signal: AbortSignal | undefined;
}

/**
 * A pack of what one commit of the wiki leads to and others do not, as it is sent. Nothing of it is made before it is asked for.
 * @throws KittiwakeError `object_missing`; those of `selectObjects`
 */
export async function* packOf(
  repository: LedgerRepository,
  view: LedgerView,
  { want, haves, capabilities, signal }: SentPack,
): AsyncGenerator<Uint8Array> {
  const objects = new PackedObjects(await sourcePacks(repository, view));
  const graph = new CommitGraph(view);
  const positions = async (oids: readonly Oid[]) =>
    (await Promise.all(oids.map(oid => graph.position(oid)))).filter(each => each !== undefined);
  const request = { wants: await positions([want]), haves: await positions(haves) };
  const selection = await selectObjects(objects, graph, request);
  const options = { thin: !capabilities.has('no-thin'), ofsDelta: capabilities.has('ofs-delta') };
  for await (const chunk of selected(objects, selection, options).chunks) {
    signal?.throwIfAborted();
    yield chunk;
  }
}

import type { Counts, ProjectionRun, RunnableProjection } from '../../projection/runnable.ts';
import type { ProjectionParts } from './parts.ts';

/** A run may publish the index only with so much time left: it is stored as a whole. */
const PUBLISH_MS = 10_000;

/** The full-text index of this machine, and the one that is published for others. */
export function searchProjection({ environment: { runtime }, wiki }: ProjectionParts): RunnableProjection {
  async function run({
    newest,
    deadlineMs,
    endMs = deadlineMs,
    publishes = true,
  }: ProjectionRun): Promise<Counts> {
    const [{ projection, publishing }, { catchUp }, repository] = await Promise.all([
      wiki.search(),
      import('../../projection/catch-up.ts'),
      wiki.repository(),
    ]);
    const view = await repository.view({ maxAgeMs: 0 });
    await catchUp(projection, view, { newest, deadlineMs });
    if (!publishes) return { head_ordinal: view.ordinal };
    const isLate = runtime.now() + PUBLISH_MS > endMs;
    const index = isLate ? 'late' : ((await publishing?.publish(view)) ?? 'local');
    return { head_ordinal: view.ordinal, index };
  }

  return {
    name: 'search',
    condition: async () => {
      const { projection } = await wiki.search();
      return { cursor: await projection.cursor(), setAside: [], dropped: 0 };
    },
    run,
    async rebuild(options) {
      const { projection } = await wiki.search();
      const cursor = await projection.cursor();
      if (cursor) await projection.discard?.(cursor);
      return await run(options);
    },
    async sweep() {
      const swept = await (await wiki.search()).publishing?.sweep();
      return swept ? { indexes_condemned: swept.condemned, indexes_deleted: swept.deleted } : {};
    },
  };
}

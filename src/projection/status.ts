import { isKittiwakeError } from '../core/errors.ts';
import type { Runtime } from '../core/runtime.ts';
import type { View } from '../git/repository.ts';
import { cursorOf, type NewestView } from './catch-up.ts';
import type { Cursor } from './projection.ts';
import type { Lag, ProjectionStatus, RunnableProjection } from './runnable.ts';

/** Further back the log is not read to tell how old the oldest commit is that was not taken in. */
const MAX_LOG_ENTRIES = 1_000;

/** How each projection stands. What fails of one is told in its place. */
export async function statusOf(
  projections: readonly RunnableProjection[],
  newest: NewestView,
  runtime: Pick<Runtime, 'now'>,
): Promise<ProjectionStatus[]> {
  const conditions = await Promise.all(projections.map(conditionOf));
  // Asked for after the cursors: none of them is ahead of it, unless the history was taken back.
  const view = await newest();
  return await Promise.all(
    conditions.map(async condition => ({
      ...condition,
      head: cursorOf(view),
      behind: await lagBehind(view, condition.cursor, runtime.now()),
    })),
  );
}

async function conditionOf(
  projection: RunnableProjection,
): Promise<Omit<ProjectionStatus, 'head' | 'behind'>> {
  const { name } = projection;
  try {
    return { name, ...(await projection.condition()) };
  } catch (error) {
    const code = isKittiwakeError(error) ? error.code : 'internal_error';
    const message = error instanceof Error ? error.message : String(error);
    return { name, cursor: undefined, setAside: [], dropped: 0, failure: { code, message } };
  }
}

/** How far a cursor is behind the head of a view; undefined when it is none of its commits. */
export async function lagBehind(
  view: View,
  cursor: Cursor | undefined,
  nowMs: number,
): Promise<Lag | undefined> {
  if (cursor === undefined) return undefined;
  if (cursor.head === (view.head ?? null)) return { commits: 0, seconds: 0 };
  if (cursor.head !== null && (await view.commit(cursor.head))?.ordinal !== cursor.ordinal) return undefined;
  const commits = view.ordinal - cursor.ordinal;
  let read = 0;
  let oldest = nowMs / 1000;
  for await (const { commit } of view.log()) {
    if (commit.oid === cursor.head || read >= MAX_LOG_ENTRIES) break;
    read += 1;
    if (commit.ordinal > cursor.ordinal) oldest = commit.committer.seconds;
  }
  return { commits, seconds: Math.max(0, Math.round(nowMs / 1000 - oldest)) };
}

import { noteOwnerChange } from '../auth/user/owner-changes.ts';
import type { StateDatabase } from '../db/state/state-database.ts';
import type { State as Reading, StateTables } from '../db/state/state-schema.ts';

/** Every table of the state. A table that is missing here is refused by the compiler. */
const TABLES = Object.keys({
  users: true,
  owner_change: true,
  audit: true,
  watch: true,
} satisfies Record<keyof StateTables, true>) as (keyof StateTables)[];

/** Rows of one statement: SQLite allows some thousand parameters. */
const ROWS = 50;

type State = StateDatabase<StateTables>;

/**
 * Makes one state hold what another one holds, whatever their engines are: all of it in one transaction.
 * @param owners users whose tokens were copied before: these may be older, and are to be told what their owners are now
 * @returns the number of rows; 0, and nothing is made, where the source was never written
 */
export async function copyState(from: State, to: State, owners: ReadonlySet<string>): Promise<number> {
  if (!(await from.exists()) && !(await to.exists())) return 0;
  const tables = await readAll(from);
  await to.write(async (state, { nowMs }) => {
    for (const [table, rows] of tables) {
      await state.deleteFrom(table).execute();
      for (let at = 0; at < rows.length; at += ROWS) {
        const some = rows.slice(at, at + ROWS) as never;
        await state.insertInto(table).values(some).execute();
      }
    }
    for (const userId of owners) await noteOwnerChange(state, userId, nowMs);
  });
  return tables.reduce((sum, [, rows]) => sum + rows.length, 0);
}

/** Whether writing one state over the other would lose nothing: it holds nothing, or the same. */
export async function isReplaceable(there: State, kept: State): Promise<boolean> {
  if (!(await there.exists())) return true;
  const found = contentOf(await readAll(there));
  return found.length === 0 || found.join('\n') === contentOf(await readAll(kept)).join('\n');
}

type Tables = [keyof StateTables, object[]][];

function readAll(from: State): Promise<Tables> {
  const all = async (state: Reading) => {
    const found: Tables = [];
    for (const table of TABLES) found.push([table, await state.selectFrom(table).selectAll().execute()]);
    return found;
  };
  return from.read(all, { maxAgeMs: 0 });
}

/** All rows but those that only say what is to be done. */
function contentOf(tables: Tables): string[] {
  const kept = tables.filter(([table]) => table !== 'owner_change');
  return kept.flatMap(([, rows]) => rows.map(row => JSON.stringify(row))).sort();
}

import type { StateDatabase } from '../db/state/state-database.ts';
import type { StateTables } from '../db/state/state-schema.ts';

/** Every table of the state. A table that is missing here is refused by the compiler. */
const TABLES = Object.keys({
  users: true,
  owner_change: true,
  audit: true,
} satisfies Record<keyof StateTables, true>) as (keyof StateTables)[];

/** Rows of one statement: SQLite allows some thousand parameters. */
const ROWS = 50;

/**
 * Makes one state hold what another one holds, whatever their engines are: all of it in one transaction.
 * @returns the number of rows; 0, and nothing is made, where the source was never written
 */
export async function copyState(
  from: StateDatabase<StateTables>,
  to: StateDatabase<StateTables>,
): Promise<number> {
  if (!(await from.exists()) && !(await to.exists())) return 0;
  const tables = await from.read(
    async state => {
      const found: [keyof StateTables, object[]][] = [];
      for (const table of TABLES) found.push([table, await state.selectFrom(table).selectAll().execute()]);
      return found;
    },
    { maxAgeMs: 0 },
  );
  await to.write(async state => {
    for (const [table, rows] of tables) {
      await state.deleteFrom(table).execute();
      for (let at = 0; at < rows.length; at += ROWS) {
        const some = rows.slice(at, at + ROWS) as never;
        await state.insertInto(table).values(some).execute();
      }
    }
  });
  return tables.reduce((sum, [, rows]) => sum + rows.length, 0);
}

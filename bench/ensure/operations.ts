import type { SchemaMode } from '../../src/db/ensure.ts';
import type { StateDatabase } from '../../src/db/state/state-database.ts';
import type { StateTables } from '../../src/db/state/state-schema.ts';
import { interleave } from '../support/interleave.ts';
import type { Row } from '../support/report.ts';
import { summarise } from '../support/statistics.ts';
import { expectSame } from '../support/verify.ts';

/** One place that holds a state; each handle knows nothing of what others found. */
export interface Place {
  name: string;
  open(schemaMode: SchemaMode): StateDatabase<StateTables>;
}

const MODES = ['assume', 'auto', 'always'] as const;

/** Reads of one row, by a handle that was just made: so many with the check, without it, and with it on each. */
export async function measureOperations(place: Place, operations: number, rounds: number): Promise<Row[]> {
  const made = place.open('auto');
  await made.migrate();
  await made.close();
  let state = made;
  const times = await interleave(
    MODES.map(mode => ({
      name: mode,
      prepare: () => {
        state = place.open(mode);
      },
      run: async () => {
        for (let nth = 0; nth < operations; nth += 1) await readOne(state);
      },
      settle: () => state.close(),
    })),
    { warmUp: 2, rounds },
  );
  const without = summarise(times.get('assume') ?? []).p50;
  return MODES.map(mode => {
    const { p50, p95 } = summarise(times.get(mode) ?? []);
    return {
      engine: place.name,
      operations,
      mode,
      p50,
      p95,
      each: (p50 * 1_000) / operations,
      ratio: p50 / without,
    };
  });
}

async function readOne(state: StateDatabase<StateTables>): Promise<void> {
  const rows = await state.read(tables => tables.selectFrom('users').select('id').limit(1).execute());
  expectSame('users', rows.length, 0);
}

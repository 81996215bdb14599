import { onTestFinished } from 'vitest';
import { randomId, systemRuntime } from '../../../src/core/runtime.ts';

import { createSnapshotState, type SnapshotStateOptions } from '../../../src/db/state/snapshot-state.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { stateDatabaseContract } from '../../contract/state-database.contract.ts';
import { countSchema, type TestTables } from '../../contract/state-tables.ts';

stateDatabaseContract('SQLite as a snapshot', snapshotPlace, { findsImpureWork: true });

function snapshotPlace() {
  const store = createMemoryByteStore();
  const uuid = randomId(systemRuntime);
  return {
    store,
    uuid,
    open: (options: Partial<SnapshotStateOptions> = {}) => {
      const given = { store, uuid, schema: countSchema, runtime: systemRuntime, ...options };
      const state = createSnapshotState<TestTables>(given);
      onTestFinished(() => state.close());
      return state;
    },
  };
}

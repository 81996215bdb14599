import { onTestFinished } from 'vitest';
import { randomId, systemRuntime } from '../../../src/core/runtime.ts';
import { createSnapshotState } from '../../../src/db/state/snapshot-state.ts';
import { type StateTables, stateSchema } from '../../../src/db/state/state-schema.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { fileUsers, type UserPlace } from './user-support.ts';
import { usersContract } from './users.contract.ts';

usersContract('SQLite as a file', fileUsers);
usersContract('SQLite as a snapshot', snapshotUsers);

function snapshotUsers(): UserPlace {
  const store = createMemoryByteStore();
  const uuid = randomId(systemRuntime);
  return {
    open: ({ runtime = systemRuntime } = {}) => {
      const state = createSnapshotState<StateTables>({ store, uuid, schema: stateSchema, runtime });
      onTestFinished(() => state.close());
      return state;
    },
  };
}

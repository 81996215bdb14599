import { onTestFinished } from 'vitest';
import { systemRuntime } from '../../../src/core/runtime.ts';

import { createFileState } from '../../../src/db/state/file-state.ts';
import { stateDatabaseContract } from '../../contract/state-database.contract.ts';
import { countSchema, type StateOptions, type TestTables } from '../../contract/state-tables.ts';
import { databaseFile } from '../database-folder.ts';

stateDatabaseContract('SQLite as a file', filePlace, { findsImpureWork: true });

function filePlace() {
  const file = databaseFile();
  return {
    file,
    open: (options: StateOptions = {}) => {
      const state = createFileState<TestTables>({
        file,
        schema: countSchema,
        runtime: systemRuntime,
        ...options,
      });
      onTestFinished(() => state.close());
      return state;
    },
  };
}

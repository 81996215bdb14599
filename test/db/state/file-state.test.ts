import { onTestFinished } from 'vitest';
import { systemRuntime } from '../../../src/core/runtime.ts';
import type { EnsureCounts } from '../../../src/db/ensure.ts';
import { createFileState } from '../../../src/db/state/file-state.ts';
import { stateDatabaseContract } from '../../contract/state-database.contract.ts';
import { countSchema, type TestTables } from '../../contract/state-tables.ts';
import { databaseFile } from '../database-folder.ts';

stateDatabaseContract('SQLite as a file', filePlace, { findsImpureWork: true });

function filePlace() {
  const file = databaseFile();
  return {
    file,
    open: ({ schema = countSchema, ensureCounts = undefined as EnsureCounts | undefined } = {}) => {
      const state = createFileState<TestTables>({ file, schema, ensureCounts, runtime: systemRuntime });
      onTestFinished(() => state.close());
      return state;
    },
  };
}

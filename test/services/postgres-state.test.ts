import { beforeEach } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createPostgresState } from '../../src/db/postgres/postgres-state.ts';
import { stateDatabaseContract } from '../contract/state-database.contract.ts';
import { countSchema, type StatePlace, type TestTables } from '../contract/state-tables.ts';
import { connectForTest, postgresForTest, schemaNameForTest } from '../support/postgres.ts';

beforeEach(ctx => void postgresForTest(ctx));

stateDatabaseContract('PostgreSQL', postgresPlace, { findsImpureWork: false });

function postgresPlace(): StatePlace {
  const schemaName = schemaNameForTest();
  const { url } = postgresForTest({
    skip: () => {
      throw new Error('skipped');
    },
  });
  const server = connectForTest(url);
  return {
    open: ({ schema = countSchema, ensureCounts } = {}) =>
      createPostgresState<TestTables>({ server, schemaName, schema, ensureCounts, runtime: systemRuntime }),
  };
}

import { beforeEach } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createPostgresState } from '../../src/db/postgres/postgres-state.ts';
import { type StateTables, stateSchema } from '../../src/db/state/state-schema.ts';
import type { UserPlace } from '../auth/user/user-support.ts';
import { usersContract } from '../auth/user/users.contract.ts';
import { watchesContract } from '../auth/watch/watches.contract.ts';
import { connectForTest, postgresForTest, schemaNameForTest } from '../support/postgres.ts';

let url = '';
beforeEach(ctx => {
  ({ url } = postgresForTest(ctx));
});

usersContract('PostgreSQL', postgresUsers);
watchesContract('PostgreSQL', postgresUsers);

function postgresUsers(): UserPlace {
  const schemaName = schemaNameForTest();
  return {
    open: ({ runtime = systemRuntime } = {}) => {
      const server = connectForTest(url);
      return createPostgresState<StateTables>({ server, schemaName, schema: stateSchema, runtime });
    },
  };
}

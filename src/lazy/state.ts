import type { Secrets } from '../core/config.ts';
import type { PostgresServer } from '../db/postgres/server.ts';
import type { StateDatabase } from '../db/state/state-database.ts';
import type { StateTables } from '../db/state/state-schema.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import type { Environment } from './environment.ts';
import { type Lazy, lazy } from './lazy.ts';

/** What is relational of one wiki, or, by the name `server`, of the server itself. */
export type State = StateDatabase<StateTables>;

/** Requests of a function come one at a time; the second is for what one of them does beside its transaction. */
const FUNCTION_CONNECTIONS = 2;
const SERVER_CONNECTIONS = 10;

/** The connections of the process, for the states of all its wikis. Undefined where PostgreSQL is not configured. */
export function lazyPostgres(
  { runtime, recorder }: Pick<Environment, 'runtime' | 'recorder'>,
  { databaseUrl: url }: Secrets,
  isFunction: boolean,
): Lazy<PostgresServer> | undefined {
  if (url === undefined) return undefined;
  const maxConnections = isFunction ? FUNCTION_CONNECTIONS : SERVER_CONNECTIONS;
  return lazy('postgres', recorder, async () => {
    const { createPostgresServer } = await import('../db/postgres/server.ts');
    return createPostgresServer({ url, maxConnections, runtime });
  });
}

/**
 * Users and the audit log: in a schema of PostgreSQL where that is configured, else beside the wiki's bytes, as a file or as an
 * object of a remote store. Nothing is opened or made by this.
 * @param id the wiki's uuid, or `server`
 */
export function lazyState(
  environment: Environment,
  store: Lazy<ByteStore>,
  id: () => Promise<string>,
): Lazy<State> {
  const { config, runtime, recorder, storage, schemaChecks, postgres } = environment;
  return lazy('state', recorder, async () => {
    const [uuid, { stateSchema: schema }] = await Promise.all([id(), import('../db/state/state-schema.ts')]);
    const options = { schema, runtime, ensureCounts: schemaChecks, schemaMode: config.schema };
    if (postgres) {
      const [{ createPostgresState }, server] = await Promise.all([
        import('../db/postgres/postgres-state.ts'),
        postgres(),
      ]);
      return createPostgresState<StateTables>({ ...options, server, schemaName: `kittiwake_${uuid}` });
    }
    if (config.store.kind === 's3') {
      const { createSnapshotState } = await import('../db/state/snapshot-state.ts');
      return createSnapshotState<StateTables>({ ...options, store: await store(), uuid, causes: storage });
    }
    const { createFileState } = await import('../db/state/file-state.ts');
    return createFileState<StateTables>({ ...options, file: `${config.data}/state/${uuid}.sqlite` });
  });
}

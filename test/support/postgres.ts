import { randomUUID } from 'node:crypto';
import { inject, onTestFinished, type TestContext } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createPostgresServer, type PostgresServer } from '../../src/db/postgres/server.ts';
import { skipUnlessCi } from './needs.ts';
import { INSTALL } from './postgres-server.ts';

/** What the tests are told about the one server of the run. */
export type ProvidedPostgres =
  | { kind: 'running'; url: string; programs: string }
  | { kind: 'absent' }
  | { kind: 'broken'; why: string };

/**
 * The server of this run. Where PostgreSQL is not installed the test is skipped and says how to install it; with `CI=1` it
 * fails. A server that could not be started fails the test everywhere.
 */
export function postgresForTest(ctx: Pick<TestContext, 'skip'>): { url: string; programs: string } {
  const postgres = inject('postgres');
  if (postgres.kind === 'absent') skipUnlessCi(ctx, `needs PostgreSQL: ${INSTALL}`);
  if (postgres.kind === 'broken') throw new Error(postgres.why);
  return postgres;
}

/** Connections that are closed when the running test is over. */
export function connectForTest(url: string, maxConnections?: number): PostgresServer {
  const server = createPostgresServer({
    url,
    runtime: systemRuntime,
    ...(maxConnections === undefined ? {} : { maxConnections }),
  });
  onTestFinished(() => server.close());
  return server;
}

/** The name of a schema that nothing else uses. */
export function schemaNameForTest(): string {
  return `kittiwake_${randomUUID().replaceAll('-', '')}`;
}

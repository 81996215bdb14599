import type { TestProject } from 'vitest/node';
import type { ProvidedPostgres } from '../support/postgres.ts';
import { postgresPrograms, startPostgres } from '../support/postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: ProvidedPostgres;
  }
}

/** Starts one server for all files of the run, where PostgreSQL is installed; the function returned ends it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const programs = postgresPrograms();
  if (programs === undefined) {
    project.provide('postgres', { kind: 'absent' });
    return async () => {};
  }
  try {
    const server = await startPostgres(programs);
    project.provide('postgres', { kind: 'running', url: server.url, programs });
    return () => server.stop();
  } catch (error) {
    project.provide('postgres', { kind: 'broken', why: String(error) });
    return async () => {};
  }
}

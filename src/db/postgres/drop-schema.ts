import type { PostgresServer } from './server.ts';

/** Removes a schema with all that is in it; one that is not there is none to remove. @throws the server's error */
export async function dropSchema(server: PostgresServer, name: string, timeoutMs = 10_000): Promise<void> {
  if (!/^[a-z0-9_]{1,63}$/.test(name)) throw new TypeError(`"${name}" is no name of a schema of ours`);
  const session = await server.borrow();
  try {
    await session.query(`drop schema if exists "${name}" cascade`, [], timeoutMs);
  } finally {
    await session.end();
  }
}

/** A process that makes transactions one after the other: `node postgres-writes.child.ts <url> <schema name> <count> <name>`. */

import { systemRuntime } from '../../src/core/runtime.ts';
import { createPostgresState } from '../../src/db/postgres/postgres-state.ts';
import { createPostgresServer } from '../../src/db/postgres/server.ts';
import { countSchema, raise, type TestTables } from '../contract/state-tables.ts';

const [url = '', schemaName = '', count = '0', name = ''] = process.argv.slice(2);
const runtime = systemRuntime;
const server = createPostgresServer({ url, runtime });
const state = createPostgresState<TestTables>({ server, schemaName, schema: countSchema, runtime });
for (let nth = 0; nth < Number(count); nth += 1) {
  process.stdout.write(`${JSON.stringify(await raise(state, `${name}-${nth}`))}\n`);
}
// Nothing is closed: connections that nobody uses do not keep a process.

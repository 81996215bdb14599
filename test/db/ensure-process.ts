/** A process that waits for a moment, and then opens and ensures a database: `node ensure-process.ts <file> <start, ms>`. */

import { systemRuntime } from '../../src/core/runtime.ts';
import { openSqlite } from '../../src/db/sqlite.ts';
import { birds, nests, setOf } from './test-migrations.ts';

const [file = '', startMs = '0'] = process.argv.slice(2);
await systemRuntime.sleep(Math.max(0, Number(startMs) - Date.now()));
const handle = await openSqlite({ file, runtime: systemRuntime });
await handle.ensure(setOf(birds, nests));
process.stdout.write(JSON.stringify(handle.driver.prepare('select name from bird').pluck().all()));
handle.close();

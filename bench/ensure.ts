import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { systemRuntime } from '../src/core/runtime.ts';
import { createPostgresState } from '../src/db/postgres/postgres-state.ts';
import { createPostgresServer } from '../src/db/postgres/server.ts';
import { createFileState } from '../src/db/state/file-state.ts';
import { createSnapshotState } from '../src/db/state/snapshot-state.ts';
import { stateSchema } from '../src/db/state/state-schema.ts';
import { createDiskByteStore } from '../src/storage/disk.ts';
import { INSTALL, postgresPrograms, startPostgres } from '../test/support/postgres-server.ts';
import { measureCheck } from './ensure/handle.ts';
import { measureOperations, type Place } from './ensure/operations.ts';
import { benchOptions } from './support/options.ts';
import { type Column, Report, type Row } from './support/report.ts';
import { inWorkFolder } from './support/work-folder.ts';

/** What it costs to make sure that a schema is there: the check alone, and operations with it and without. */

const CHECK: readonly Column[] = [
  { key: 'what', head: 'ensure of the search schema' },
  { key: 'calls', head: 'calls', as: 'count' },
  { key: 'p50', head: 'p50 ns a call', as: 'count' },
  { key: 'p95', head: 'p95 ns a call', as: 'count' },
  { key: 'max', head: 'max ns a call', as: 'count' },
  { key: 'ratio', head: 'p50 to a look-up', as: 'ratio' },
];

const OPERATIONS: readonly Column[] = [
  { key: 'engine', head: 'engine' },
  { key: 'operations', head: 'reads', as: 'count' },
  { key: 'mode', head: 'schema' },
  { key: 'p50', head: 'p50 ms', as: 'ms' },
  { key: 'p95', head: 'p95 ms', as: 'ms' },
  { key: 'each', head: 'us a read', as: 'ms' },
  { key: 'ratio', head: 'to assume', as: 'ratio' },
];

const options = benchOptions({ pages: [], rounds: 100 }, { pages: [], rounds: 10 });
const report = new Report('ensure', options);

await inWorkFolder(options.folder, async folder => {
  const calls = options.quick ? 10_000 : 100_000;
  report.table('The check', CHECK, await measureCheck(folder, options.rounds, calls));
  await withPlaces(folder, async places => {
    const rows: Row[] = [];
    for (const place of places) {
      for (const operations of [1, options.quick ? 50 : 1_000]) {
        const rounds = operations === 1 ? options.rounds : Math.ceil(options.rounds / 10);
        rows.push(...(await measureOperations(place, operations, rounds)));
      }
    }
    report.table('Reads of one row by a new handle', OPERATIONS, rows);
  });
});
report.note(
  'assume compares nothing, auto on the first use, always on each. The report that started this measured 1,421,000,000 ns for the second time as well.',
);
report.finish();

async function withPlaces(folder: string, work: (places: Place[]) => Promise<void>): Promise<void> {
  const common = { schema: stateSchema, runtime: systemRuntime };
  const uuid = randomUUID().replaceAll('-', '');
  const store = createDiskByteStore({ folder: join(folder, 'store'), runtime: systemRuntime });
  const file = join(folder, 'state.sqlite');
  const places: Place[] = [
    { name: 'file', open: schemaMode => createFileState({ ...common, file, schemaMode }) },
    { name: 'snapshot', open: schemaMode => createSnapshotState({ ...common, store, uuid, schemaMode }) },
  ];
  const programs = postgresPrograms();
  if (programs === undefined) {
    report.note(`PostgreSQL is left out: ${INSTALL}`);
    return work(places);
  }
  const postgres = await startPostgres(programs);
  const server = createPostgresServer({ url: postgres.url, runtime: systemRuntime });
  const schemaName = `kittiwake_${uuid}`;
  places.push({
    name: 'PostgreSQL',
    open: schemaMode => createPostgresState({ ...common, server, schemaName, schemaMode }),
  });
  try {
    await work(places);
  } finally {
    await server.close();
    await postgres.stop();
  }
}

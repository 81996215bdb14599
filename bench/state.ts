import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { systemRuntime } from '../src/core/runtime.ts';
import { createFileState } from '../src/db/state/file-state.ts';
import { createSnapshotState, snapshotKey } from '../src/db/state/snapshot-state.ts';
import type { StateDatabase } from '../src/db/state/state-database.ts';
import { type StateTables, stateSchema } from '../src/db/state/state-schema.ts';
import { ownPut } from './s3/raw-put.ts';
import { type Contestant, interleave } from './support/interleave.ts';
import { benchOptions } from './support/options.ts';
import { type Column, Report, type Row } from './support/report.ts';
import { storeAt } from './support/s3-store.ts';
import { openServer, type ServerUnderTest } from './support/server-under-test.ts';
import { summarise } from './support/statistics.ts';
import { expectSame } from './support/verify.ts';
import { inWorkFolder } from './support/work-folder.ts';

/** What a transaction on users and the audit log costs, and a reading: in the store as a snapshot, and in a file. */

type State = StateDatabase<StateTables>;

const COLUMNS: readonly Column[] = [
  { key: 'kB', head: 'state kB', as: 'kB' },
  { key: 'what', head: 'what' },
  { key: 'p50', head: 'p50 ms', as: 'ms' },
  { key: 'p95', head: 'p95 ms', as: 'ms' },
  { key: 'ratio', head: 'to its reference, p50', as: 'ratio' },
  { key: 'reference', head: 'reference' },
];

const PUT = 'raw conditional PUT of as many bytes';
const GET = 'raw GET of as many bytes';
const ASK = 'raw GET, unchanged';
const REFERENCES: Readonly<Record<string, string>> = {
  'snapshot: write': PUT,
  'snapshot: first read of a process': GET,
  'snapshot: read, confirmed': ASK,
};

const options = benchOptions({ pages: [], rounds: 200 }, { pages: [], rounds: 10 });
const report = new Report('state', options);
const server = await openServer(options.s3);
try {
  const rows: Row[] = [];
  for (const bytes of [100_000, 5_000_000]) {
    await inWorkFolder(options.folder, async folder => {
      rows.push(...(await measure(server, join(folder, 'state.sqlite'), bytes)));
    });
  }
  report.table(`One row of the audit log, ${server.name}`, COLUMNS, rows);
} finally {
  await server.stop();
}
report.note(
  [
    'Each round writes, so that a read opens the version of its round: read, held is one that asks nobody. Raw: through the store',
    'of this program, its signer included. Server and client share the machine, whose processors they both want.',
  ].join('\n'),
);
report.finish();

async function measure(at: ServerUnderTest, file: string, bytes: number): Promise<Row[]> {
  const uuid = randomUUID();
  const store = storeAt(at.target, `${at.prefix}/state`);
  const common = { schema: stateSchema, runtime: systemRuntime };
  const open = () => createSnapshotState<StateTables>({ ...common, store, uuid });
  const [snapshot, inFile] = [open(), createFileState<StateTables>({ ...common, file })];
  for (const state of [snapshot, inFile]) await fill(state, bytes);
  const size = (await snapshot.status()).bytes ?? 0;
  const key = snapshotKey(uuid);
  let version = '';
  let written = 0;
  const contestants: Contestant[] = [
    {
      name: 'snapshot: write',
      run: round => write(snapshot, round),
      settle: async round => {
        written = round;
        const outcome = await store.get(key);
        if (outcome.kind === 'found') version = outcome.version;
      },
    },
    ownPut(at, PUT, () => size),
    { name: 'snapshot: read, held', run: () => read(snapshot, 60_000) },
    { name: 'snapshot: read, confirmed', run: () => read(snapshot, 0) },
    { name: ASK, run: async () => void (await store.get(key, { ifNoneMatch: version })) },
    { name: 'snapshot: first read of a process', run: () => readOnce(open()) },
    { name: GET, run: async () => void (await store.get(key)) },
    { name: 'file: write', run: round => write(inFile, round) },
    { name: 'file: read', run: () => read(inFile, 0) },
  ];
  const times = await interleave(contestants, { warmUp: 5, rounds: options.rounds });
  for (const state of [open(), inFile]) {
    const last = await state.read(tables =>
      tables.selectFrom('audit').select('ended_ms').orderBy('id').limit(1).executeTakeFirst(),
    );
    expectSame('the last write', last?.ended_ms, written);
    await state.close();
  }
  await snapshot.close();
  return rowsOf(times, size);
}

function rowsOf(times: ReadonlyMap<string, number[]>, kB: number): Row[] {
  const p50Of = (name: string) => summarise(times.get(name) ?? []).p50;
  return [...times].map(([what, samples]) => {
    const { p50, p95 } = summarise(samples);
    const reference = REFERENCES[what];
    const ratio = reference === undefined ? undefined : p50 / p50Of(reference);
    return { kB, what, p50, p95, ratio, reference };
  });
}

/** Changes one row, the same one each time: the state stays as large as it is. */
async function write(state: State, value: number): Promise<void> {
  await state.write(async tables => {
    const { id } = await tables
      .selectFrom('audit')
      .select('id')
      .orderBy('id')
      .limit(1)
      .executeTakeFirstOrThrow();
    await tables.updateTable('audit').set({ ended_ms: value }).where('id', '=', id).execute();
  });
}

async function read(state: State, maxAgeMs: number): Promise<void> {
  await state.read(tables => tables.selectFrom('audit').selectAll().limit(1).executeTakeFirstOrThrow(), {
    maxAgeMs,
  });
}

async function readOnce(state: State): Promise<void> {
  await read(state, 0);
  await state.close();
}

/** Adds rows until the state takes so many bytes. */
async function fill(state: State, bytes: number): Promise<void> {
  while (((await state.status()).bytes ?? 0) < bytes) {
    const left = bytes - ((await state.status()).bytes ?? 0);
    const count = Math.max(1, Math.min(1_000, Math.floor(left / 1_200)));
    await state.write(async (tables, given) => {
      const rows = Array.from({ length: count }, () => ({
        id: given.id(),
        at_ms: given.nowMs,
        actor: 'bench',
        action: 'fill',
        subject: given.id(),
        detail: JSON.stringify({ text: 'x'.repeat(500) }),
        outcome: 'done',
        code: null,
        ended_ms: null,
      }));
      await tables.insertInto('audit').values(rows).execute();
    });
  }
}

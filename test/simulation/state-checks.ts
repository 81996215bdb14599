import { systemRuntime } from '../../src/core/runtime.ts';
import { openImage } from '../../src/db/sqlite.ts';
import { snapshotFormat } from '../../src/db/state/snapshot.ts';
import { snapshotKey } from '../../src/db/state/snapshot-state.ts';
import type { TestTables } from '../contract/state-tables.ts';
import type { Cloud } from './cloud.ts';
import {
  FIRST_VALUE,
  STATE_SCHEMA,
  STATE_UUID,
  type StateReading,
  type StateRecords,
  type StateRequest,
} from './state-client.ts';

type Row = TestTables['entry'];

const NOT_APPLIED = ['contention', 'storage_failed', 'Error: refused'];

/** Everything that a run must keep; returns what it did not. */
export function stateViolations(cloud: Cloud, { requests, readings }: StateRecords): string[] {
  const found: string[] = [];
  const { rows, value, migrations } = whatIsThere(cloud);
  const byNote = Map.groupBy(rows, ({ note }) => note);
  for (const request of requests) checkRequest(request, byNote.get(request.note) ?? [], found);
  const known = new Set(requests.map(({ note }) => note));
  if (rows.some(({ note }) => !known.has(note))) found.push('nobody asked for a row that is there');
  if (rows.some(({ nth }, at) => nth !== FIRST_VALUE + at + 1)) found.push('a number is missing or double');
  if (value !== FIRST_VALUE + rows.length) found.push(`the counter is ${value} with ${rows.length} rows`);
  if (rows.length > 0 && migrations !== STATE_SCHEMA.migrations.length) {
    found.push(`${migrations} migrations are noted`);
  }
  checkVersions(cloud, found);
  for (const reading of readings) checkReading(reading, found);
  return found;
}

function whatIsThere(cloud: Cloud): { rows: Row[]; value: number; migrations: number } {
  const stored = cloud.get(snapshotKey(STATE_UUID));
  if (stored === undefined) return { rows: [], value: FIRST_VALUE, migrations: 0 };
  const { image } = snapshotFormat.decode(stored.bytes);
  const { driver, close } = openImage(image, { file: 'the last version', runtime: systemRuntime });
  const rows = driver.prepare<[], Row>('select * from entry order by nth').all();
  const value = driver.prepare<[], number>('select value from counter').pluck().get() ?? Number.NaN;
  const migrations = driver.prepare('select name from kittiwake_migration').all().length;
  close();
  return { rows, value, migrations };
}

function checkRequest(
  { kind, note, said, result, process, mustSucceed }: StateRequest,
  rows: readonly Row[],
  found: string[],
): void {
  const [row] = rows;
  if (rows.length > 1) found.push(`${note} is there ${rows.length} times`);
  if (kind !== 'raise' && row !== undefined) found.push(`${kind} ${note} is there`);
  if (said === undefined) {
    if (process.alive) found.push(`${kind} ${note} was never answered`);
  } else if (said === 'applied') {
    if (kind === 'refuse') found.push(`${note} was to be refused`);
    if (kind === 'raise' && row === undefined) found.push(`${note} was acknowledged and is not there`);
    if (row !== undefined && (row.id !== result?.id || row.nth !== result.nth)) {
      found.push(`${note} was told of an attempt that was not kept`);
    }
  } else if (NOT_APPLIED.includes(said)) {
    if (row !== undefined) found.push(`${note} was told "${said}" and is there`);
  } else if (said !== 'outcome_unknown') {
    found.push(`${note} was told "${said}"`);
  }
  if (mustSucceed && said !== 'applied' && process.alive) {
    found.push(`${note} was told "${said}", all being well`);
  }
}

/** Each version follows the one before. */
function checkVersions(cloud: Cloud, found: string[]): void {
  const landed = cloud.landings.filter(({ key }) => key === snapshotKey(STATE_UUID));
  const stamps = landed.map(({ bytes }) => snapshotFormat.decode(bytes).stamp);
  for (const [at, { uuid, seq }] of stamps.entries()) {
    if (uuid !== stamps[0]?.uuid || seq !== at + 1) found.push(`version ${seq} landed as number ${at + 1}`);
  }
}

function checkReading({ value, rows, acknowledged }: StateReading, found: string[]): void {
  if (value !== FIRST_VALUE + rows) found.push(`a reading saw ${value} with ${rows} rows`);
  if (rows < acknowledged) found.push(`a reading saw ${rows} rows after ${acknowledged} were acknowledged`);
}

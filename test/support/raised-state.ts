import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createSnapshotState } from '../../src/db/state/snapshot-state.ts';
import { createS3ByteStore } from '../../src/storage/s3/s3.ts';
import { countSchema, type StateOptions, type TestState, type TestTables } from '../contract/state-tables.ts';
import type { BucketTarget } from './bucket-wiki.ts';
import { follow, ROOT } from './cli.ts';

const SCRIPT = join(ROOT, 'test/db/state/raise-counter.child.ts');

/** What one process was answered. */
export interface RaisedState {
  raised: { note: string; id: string; nth: number }[];
  unknown: string[];
  refusals: Record<string, number>;
}

/** Processes that raise the counter of a state at the same time, each so many times. */
export async function raiseStateTogether(
  where: { file: string } | BucketTarget,
  processes: number,
  times: number,
): Promise<RaisedState[]> {
  const place = 'file' in where ? ['file', where.file] : [where.endpoint, where.bucket];
  const env =
    'file' in where
      ? {}
      : { AWS_ACCESS_KEY_ID: where.accessKeyId, AWS_SECRET_ACCESS_KEY: where.secretAccessKey };
  const running = Array.from({ length: processes }, (_, nth) => {
    return follow([process.execPath, SCRIPT, ...place, String(times), `process ${nth}`], { env }).finished;
  });
  const ended = await Promise.all(running);
  expect(ended.filter(({ code }) => code !== 0).map(({ err }) => err)).toEqual([]);
  return ended.map(({ out }) => JSON.parse(out));
}

/** The state in a bucket that these processes raise. */
export function stateInBucket(
  { endpoint, bucket, accessKeyId, secretAccessKey }: BucketTarget,
  options: StateOptions = {},
): TestState {
  const variables = { accessKeyId, secretAccessKey, sessionToken: undefined };
  const store = createS3ByteStore({ bucket, region: 'us-east-1', endpoint, variables });
  const given = { store, uuid: 'one', schema: countSchema, runtime: systemRuntime, ...options };
  const state = createSnapshotState<TestTables>(given);
  onTestFinished(() => state.close());
  return state;
}

/**
 * Fails unless each transaction that was acknowledged is there once, as it was told, and each of which nobody knows at most
 * once, and nothing else.
 */
export async function expectRaisedOnce(state: TestState, told: readonly RaisedState[]): Promise<void> {
  const { value, rows } = await state.read(
    async tables => ({
      value: (await tables.selectFrom('counter').select('value').executeTakeFirstOrThrow()).value,
      rows: await tables.selectFrom('entry').selectAll().orderBy('nth').execute(),
    }),
    { maxAgeMs: 0 },
  );
  const numbers = rows.map(({ nth }) => nth);
  expect(numbers).toEqual(Array.from({ length: value }, (_, at) => at + 1));
  expect(new Set(rows.map(({ note }) => note)).size).toBe(rows.length);
  const unknown = new Set(told.flatMap(each => each.unknown));
  const raised = told.flatMap(each => each.raised).toSorted((one, other) => one.nth - other.nth);
  expect(rows.filter(({ note }) => !unknown.has(note))).toEqual(raised);
}

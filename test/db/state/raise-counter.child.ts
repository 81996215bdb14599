import { writeSync } from 'node:fs';
import { isKittiwakeError } from '../../../src/core/errors.ts';
import { systemRuntime } from '../../../src/core/runtime.ts';
import { createFileState } from '../../../src/db/state/file-state.ts';
import { createSnapshotState } from '../../../src/db/state/snapshot-state.ts';
import { createS3ByteStore } from '../../../src/storage/s3/s3.ts';
import { countSchema, raiseNoting, type TestState, type TestTables } from '../../contract/state-tables.ts';

/**
 * `node raise-counter.child.ts file <path> <times> <name>` or `… <endpoint> <bucket> <times> <name>`, with credentials in the
 * environment: raises the counter so many times. What was refused for want of time, or by the store, is tried again. Prints one
 * JSON object: what was acknowledged, what nobody knows, and how often it was refused with which code.
 */
const [, , where = '', place = '', times = '', name = ''] = process.argv;
const runtime = systemRuntime;
const state: TestState =
  where === 'file'
    ? createFileState<TestTables>({ file: place, schema: countSchema, runtime })
    : createSnapshotState<TestTables>({ store: bucket(), uuid: 'one', schema: countSchema, runtime });

function bucket() {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
  const variables = { accessKeyId, secretAccessKey, sessionToken: undefined };
  return createS3ByteStore({ bucket: place, region: 'us-east-1', endpoint: where, variables });
}

const raised: { note: string; id: string; nth: number }[] = [];
const unknown: string[] = [];
const refusals: Record<string, number> = {};

for (let left = Number(times); left > 0; ) {
  const note = `${name} ${left}`;
  try {
    raised.push({ note, ...(await raiseNoting(state, note)) });
    left -= 1;
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    refusals[error.code] = (refusals[error.code] ?? 0) + 1;
    if (error.code === 'outcome_unknown') {
      unknown.push(note);
      left -= 1;
    } else if (error.code !== 'contention' && error.code !== 'storage_failed') throw error;
  }
}
await state.close();
writeSync(1, `${JSON.stringify({ raised, unknown, refusals })}\n`);

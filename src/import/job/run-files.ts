import { randomId } from '../../core/runtime.ts';
import type { LedgerRepository } from '../../git/open.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import type { SampleFile } from '../engine/batch.ts';
import type { RowFailure } from '../row.ts';

/** Of the object that holds them. */
const SAMPLE_NAME = 'sample.json';

/** Where the files of a job lie. */
export function jobPrefix(uuid: string, id: string): string {
  return `job-files/${uuid}/${id}/`;
}

/** Stores failures, one JSON text in a line. Returns the key. */
export async function storeFailures(
  { store, runtime }: Pick<LedgerRepository, 'store' | 'runtime'>,
  prefix: string,
  failures: readonly RowFailure[],
): Promise<string> {
  const key = `${prefix}errors-${randomId(runtime)}.ndjson`;
  await store.upload(key, lines(failures));
  return key;
}

/** Stores the files of a dry run that are shown. */
export async function storeSample(
  { store }: Pick<LedgerRepository, 'store'>,
  prefix: string,
  sample: readonly SampleFile[],
): Promise<void> {
  await store.put(`${prefix}${SAMPLE_NAME}`, [Buffer.from(JSON.stringify(sample))], { immutable: true });
}

const LINES_AT_ONCE = 1_000;

async function* lines(failures: readonly RowFailure[]): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < failures.length; at += LINES_AT_ONCE) {
    const some = failures.slice(at, at + LINES_AT_ONCE);
    yield Buffer.from(some.map(failure => `${JSON.stringify(failure)}\n`).join(''));
  }
}

/** Removes what only an unfinished job needs: its source and its runs. What tells of failures, and the sample, stay. */
export async function removeWorkFiles(store: ByteStore, prefix: string): Promise<void> {
  for (let after: string | undefined, more = true; more; ) {
    const page = await store.list(prefix, after === undefined ? {} : { after });
    const needless = page.objects.map(({ key }) => key).filter(key => isWork(key.slice(prefix.length)));
    if (needless.length > 0) await store.delete(needless);
    after = page.objects.at(-1)?.key;
    more = page.more;
  }
}

function isWork(name: string): boolean {
  return name === 'source' || name.startsWith('source-') || name.startsWith('run-');
}

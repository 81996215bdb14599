import type { Runtime } from '../core/runtime.ts';
import type { ByteStore, PutCondition } from '../storage/byte-store.ts';
import type { ImportReport } from './import-report.ts';

/**
 * What became of a source that was put into the store: the JSON object `<key>.result.json`. A later upload under the same key
 * replaces it.
 */
export interface ImportResult {
  format: 1;
  state: 'done' | 'failed';
  source: {
    key: string;
    /** Names this writing of the key among all others. */
    upload: string;
    etag: string;
    bytes: number;
  };
  /** ISO 8601. */
  finished: string;
  /** When done. Of 0 commits: all of it was there already, maybe from an attempt that ended before it could tell. */
  report?: ImportReport;
  /** When failed: the refusal, as the command `import` has it. The wiki is as it was. */
  error?: { code: string; message: string };
}

const SUFFIX = '.result.json';
const MAX_ATTEMPTS = 8;
const PAUSE_MS = 50;

/** Where the result of a source lies. */
export function resultKey(key: string): string {
  return key + SUFFIX;
}

/** True for keys of results, which are no sources. */
export function isResultKey(key: string): boolean {
  return key.endsWith(SUFFIX);
}

/** True when what became of this upload is known. */
export async function isSettled(store: ByteStore, key: string, upload: string): Promise<boolean> {
  const got = await store.get(resultKey(key));
  return got.kind === 'found' && uploadOf(got.bytes) === upload;
}

/**
 * Writes a result, unless there is one of the same upload.
 * @param confirm throws when the source is another one by now. It is asked after the present result was read, so that the result of
 * a later upload is never replaced by that of an earlier one. Default: it stays
 * @throws KittiwakeError `outcome_unknown`; what `confirm` throws
 */
export async function writeResult(
  store: ByteStore,
  result: ImportResult,
  runtime: Runtime,
  confirm: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  const key = resultKey(result.source.key);
  const body = [Buffer.from(`${JSON.stringify(result, null, 2)}\n`)];
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    if (attempt > 0) await runtime.sleep(runtime.random() * PAUSE_MS * 2 ** attempt);
    const got = await store.get(key);
    if (got.kind === 'found' && uploadOf(got.bytes) === result.source.upload) return;
    await confirm();
    const condition: PutCondition = got.kind === 'found' ? { ifMatch: got.version } : { ifAbsent: true };
    if ((await store.put(key, body, condition)).kind === 'stored') return;
  }
  const { outcomeUnknown } = await import('../swap/errors.ts');
  throw outcomeUnknown(key);
}

/** What became of an upload; undefined when that is not known. */
export async function readResult(
  store: ByteStore,
  { key, upload }: { key: string; upload: string },
): Promise<ImportResult | undefined> {
  const got = await store.get(resultKey(key));
  if (got.kind !== 'found' || uploadOf(got.bytes) !== upload) return undefined;
  return JSON.parse(got.bytes.toString('utf8'));
}

/** Undefined when it is no result of ours. */
function uploadOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')).source.upload;
  } catch {
    return undefined;
  }
}

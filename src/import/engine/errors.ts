import { KittiwakeError } from '../../core/errors.ts';
import type { PutOutcome } from '../../storage/byte-store.ts';

/** What was stored by then is told; the import goes on from there. */
export function laneDied(cause: unknown): KittiwakeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new KittiwakeError('import_worker_died', `Working on rows: a thread is gone, ${reason}`, { cause });
}

export function runNotStored(key: string, outcome: PutOutcome): KittiwakeError {
  return new KittiwakeError(
    'import_run_not_stored',
    `Storing "${key}" fails: the store answered "${outcome.kind}"`,
    {
      data: { key },
      cause: outcome.kind === 'unknown' ? outcome.cause : undefined,
    },
  );
}

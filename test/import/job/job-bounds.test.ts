import { expect, test } from 'vitest';
import { noCounts } from '../../../src/import/engine/batch.ts';
import type { Job } from '../../../src/import/job/job.ts';
import { overBounds, shownFailure } from '../../../src/import/job/job-bounds.ts';
import { smallJob } from './small-import.ts';

/** A job that has read so much, in two parts. */
function read(counts: Partial<ReturnType<typeof noCounts>>, maxRows = 100): Job {
  const part = { runs: [], counts: { ...noCounts(), ...counts }, bytesRead: 0, isDone: false };
  return smallJob({ maxRows }, { parts: [part, part] });
}

test('a job that becomes far more than its source is ended', () => {
  expect(
    overBounds(read({ rows: 50, pages: 40, attachments: 10, contentBytes: 25 * 2 ** 30 })),
  ).toBeUndefined();
  expect(overBounds(read({ rows: 51 }))).toMatchObject({ code: 'rows_too_many' });
  expect(overBounds(read({ rows: 2, pages: 51 }))).toMatchObject({ code: 'rows_too_many' });
  expect(overBounds(read({ rows: 2, attachments: 51 }))).toMatchObject({ code: 'rows_too_many' });
  expect(overBounds(read({ contentBytes: 26 * 2 ** 30 }))).toMatchObject({ code: 'import_too_large' });
});

test('a failure of very many rows is kept with the first of them', () => {
  const origins = Array.from({ length: 10_000 }, (_, n) => ({ source: 's', row: n + 1 }));
  const shown = shownFailure({ origins, code: 'x', message: 'y'.repeat(5_000) });
  expect(shown.origins).toEqual(origins.slice(0, 10));
  expect(shown.message.length).toBeLessThan(1_100);
  const short = { origins: origins.slice(0, 2), code: 'x', message: 'y' };
  expect(shownFailure(short)).toBe(short);
});

import * as schemas from '../schemas/imports.ts';
import { record } from './answers.ts';
import type { Operation } from './operation.ts';
import { cursor, idempotencyKey, limit, location, queryText, replayed } from './parameters.ts';

const text = { type: 'string' } as const;
const whole = { type: 'integer' } as const;
const flag = { type: 'boolean' } as const;
const time = { type: 'string', format: 'date-time' } as const;
const id = { type: 'string', pattern: '^[0-9a-f]{32}$' } as const;
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });
const list = (items: object) => ({ type: 'array', items });

const part = record({ number: whole, size: whole, method: text, url: text, headers: {}, expires: time });

const failure = record(
  { rows: list(record({ source: text, row: whole })), code: text, message: text },
  { place: text },
);

const progress = record({
  bytes_read: whole,
  bytes_total: whole,
  percent: whole,
  rows: whole,
  written: whole,
  attachments: whole,
  unchanged: whole,
  skipped: whole,
  merged: whole,
  failed: whole,
  rows_per_second: whole,
  seconds_left: orNull(whole),
});

const options = record({
  format: orNull(text),
  existing: { enum: ['skip', 'overwrite', 'merge', 'fail'] },
  on_error: { enum: ['skip', 'fail'] },
  dry_run: flag,
  into: orNull(text),
  commit_pages: orNull(whole),
  max_rows: orNull(whole),
});

const job = record({
  id,
  state: { enum: ['awaiting_upload', 'queued', 'running', 'committing', 'done', 'failed', 'cancelled'] },
  name: text,
  created: time,
  created_by: text,
  started: orNull(time),
  ended: orNull(time),
  cancelling: flag,
  options,
  upload: orNull(record({ size: whole, received: whole, url: text }, { parts: list(part) })),
  progress,
  commits: list({ type: 'string', pattern: '^[0-9a-f]{40}$' }),
  failures: list(failure),
  left: list(text),
  notes: list(text),
  errors_url: text,
  failure: orNull(record({ code: text, message: text })),
});

const importAnswer = { description: 'The import', schema: job };
const known = ['forbidden', 'import_not_found'];
const changes = [...known, 'outcome_unknown', 'contention'];
const uploads = [...changes, 'import_not_awaiting'];

export const importOperations = {
  startImport: {
    summary: 'Starts an import',
    description:
      'Of rows, a workbook or an archive of any size, to as many pages. It begins once its source was sent: by PUT to `upload.url`, or where there are `upload.parts` to all of those and then `/complete`. Of a git repository it begins at once.',
    tag: 'imports',
    request: { required: true, schemas: [schemas.startImport] },
    headers: [idempotencyKey],
    answers: { 201: { ...importAnswer, headers: [location, replayed] } },
    errors: [
      'forbidden',
      'import_too_large',
      'imports_full',
      'pipeline_invalid',
      'pipeline_source_unavailable',
      'remote_url_refused',
      'quota_pages',
      'quota_bytes',
      'idempotency_key_invalid',
      'idempotency_mismatch',
    ],
  },
  listImports: {
    summary: 'Lists imports, the newest first',
    description:
      'Those of the caller, all of them for who administers the wiki. A page may hold fewer than asked for, and none, though more follow.',
    tag: 'imports',
    query: [limit('Most imports that are looked at; default and most 100.'), cursor],
    answers: {
      200: { description: 'The imports', schema: record({ imports: list(job) }, { next_cursor: text }) },
    },
    errors: ['forbidden', 'cursor_invalid'],
  },
  readImport: {
    summary: 'Tells how far an import is',
    tag: 'imports',
    query: [queryText('upload', '`parts`: with the URLs of the parts that are to be sent, made anew.')],
    answers: { 200: importAnswer },
    errors: [...known, 'import_not_awaiting'],
  },
  deleteImport: {
    summary: 'Removes an import that has ended, and what tells of it',
    description: 'The pages stay.',
    tag: 'imports',
    answers: { 200: { description: 'It is gone', schema: record({ deleted: { const: true }, id }) } },
    errors: [...known, 'import_unfinished'],
  },
  sendImportSource: {
    summary: 'Sends the source of an import, or the next piece of it',
    description:
      'The bytes as they are. After a break it goes on with `Content-Range: bytes FROM-TO/SIZE` from `upload.received` on. With the last byte the import begins.',
    tag: 'imports',
    headers: [
      { name: 'Content-Range', description: 'Where the body belongs: `bytes 1000-1999/5000`.', schema: text },
    ],
    request: { required: true, schemas: [], bytes: true },
    answers: { 202: importAnswer },
    errors: [...uploads, 'upload_misplaced', 'import_too_large', 'length_required'],
  },
  completeImport: {
    summary: 'Tells that all parts of the source were sent',
    tag: 'imports',
    request: { required: false, schemas: [schemas.completeImport] },
    answers: { 202: importAnswer },
    errors: [...uploads, 'upload_incomplete'],
  },
  cancelImport: {
    summary: 'Ends an import that has not ended',
    description: 'What was committed stays. One that is just committing may be done all the same.',
    tag: 'imports',
    answers: { 202: importAnswer },
    errors: changes,
  },
  listImportErrors: {
    summary: 'Lists all rows that failed, one JSON text in a line',
    description: '`origins` tells source and row of each. Nothing of what a row holds is in it.',
    tag: 'imports',
    answers: { 200: { description: 'The failures, as NDJSON', bytes: true } },
    errors: known,
  },
  readImportSample: {
    summary: 'Shows some of what a dry run came to',
    tag: 'imports',
    answers: { 200: { description: 'Files of the wiki to be', schema: record({ sample: list({}) }) } },
    errors: [...known, 'import_sample_absent'],
  },
} as const satisfies Record<string, Operation>;

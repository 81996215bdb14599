import type { Imports, ImportWish } from '../../import/job/imports.ts';
import type { Job, JobOptions } from '../../import/job/job.ts';
import type { JobRequest } from '../../import/job/job-requests.ts';
import type { UploadTarget } from '../../import/job/uploads.ts';
import { conform, present, receive } from '../body.ts';
import { bodyInvalid } from '../errors.ts';
import { type HttpResponse, json } from '../message.ts';
import { queryLimit } from '../paging.ts';
import type { Context } from '../route.ts';
import type { FromSchema } from '../schema.ts';
import * as schemas from '../schemas/imports.ts';
import { answer, writeOptions } from '../write.ts';
import { importBody } from './import-body.ts';

type StartBody = FromSchema<typeof schemas.startImport>;

const MAX_LISTED = 100;
const MAX_PIPELINE_CHARACTERS = 64_000;
const MAX_COLUMNS_CHARACTERS = 64_000;
const MAX_MESSAGE = 1_000;

export async function startImport(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const body = conform(raw, schemas.startImport, {
    absent: "Request body must include 'name' and 'size' fields, or 'url'",
  });
  const imports = await importsOf(context);
  const { idempotency } = await writeOptions(context, {}, raw.bytes);
  const request: JobRequest | undefined = idempotency;
  const { job, isNew } = await imports.start(wishOf(body), request);
  const targets = await imports.targets(job);
  return json(201, bodyOf(imports, job, targets), {
    location: `/api/v1/imports/${job.id}`,
    'cache-control': 'no-store',
    ...(isNew ? {} : { 'idempotency-replayed': 'true' }),
  });
}

export async function listImports(context: Context): Promise<HttpResponse> {
  const { query } = context;
  const imports = await importsOf(context);
  const asked = queryLimit(query) ?? 0;
  const limit = asked > 0 ? Math.min(asked, MAX_LISTED) : MAX_LISTED;
  const { jobs, next } = await imports.list({ after: query.get('cursor') || undefined, limit });
  return answer({ imports: jobs.map(job => bodyOf(imports, job)), ...present({ next_cursor: next }) });
}

/** With `?upload=parts` the URLs of an upload that is under way are made anew. */
export async function readImport(context: Context): Promise<HttpResponse> {
  const imports = await importsOf(context);
  const job = await imports.read(idOf(context));
  const targets = context.query.get('upload') === 'parts' ? await imports.targets(job) : undefined;
  return json(200, bodyOf(imports, job, targets), { 'cache-control': 'no-store' });
}

export async function cancelImport(context: Context): Promise<HttpResponse> {
  const imports = await importsOf(context);
  return json(202, bodyOf(imports, await imports.cancel(idOf(context))), { 'cache-control': 'no-store' });
}

export async function deleteImport(context: Context): Promise<HttpResponse> {
  const imports = await importsOf(context);
  const { id } = await imports.remove(idOf(context));
  return answer({ deleted: true, id });
}

export async function listImportErrors(context: Context): Promise<HttpResponse> {
  const imports = await importsOf(context);
  const id = idOf(context);
  const body = await imports.errors(id);
  const headers = {
    'content-type': 'application/x-ndjson',
    'content-disposition': `attachment; filename="import-${id}-errors.ndjson"`,
    'cache-control': 'private, no-cache',
  };
  return { status: 200, headers, body };
}

export async function readImportSample(context: Context): Promise<HttpResponse> {
  const imports = await importsOf(context);
  const sample = JSON.parse((await imports.sample(idOf(context))).toString()) as unknown;
  return answer({ sample });
}

export async function importsOf({ services }: Context): Promise<Imports> {
  return await (await services.projections()).imports();
}

export function bodyOf(imports: Imports, job: Job, targets?: readonly UploadTarget[]): object {
  return importBody(job, imports.progress(job), targets);
}

export function idOf({ params }: Context): string {
  return params.id ?? '';
}

/** @throws KittiwakeError `body_invalid` */
function wishOf(body: StartBody): ImportWish {
  const { encoding, delimiter, sheet, convention, columns, branch } = body;
  const isLenient = body.lenient || undefined;
  checkBounds(body);
  const reading = present({ encoding, delimiter, columns, isLenient, sheet, convention, branch });
  const options: JobOptions = {
    existing: body.existing ?? 'skip',
    onError: body.on_error ?? 'skip',
    dryRun: body.dry_run ?? false,
    ...present({
      format: body.format,
      pipeline: body.pipeline,
      into: body.into || undefined,
      message: body.commit_message || undefined,
      commitPages: body.commit_pages,
      maxRows: body.max_rows,
    }),
    ...(Object.keys(reading).length === 0 ? {} : { reading }),
  };
  return { ...sourceOf(body), options };
}

/** @throws KittiwakeError `body_invalid` */
function sourceOf({ name, size, url }: StartBody): Omit<ImportWish, 'options'> {
  if (url !== undefined && url !== null) {
    if (name === undefined && size === undefined) return { name: url, bytes: 0, url };
    throw bodyInvalid("'url' is of what is fetched: 'name' and 'size' are of what is sent");
  }
  if (name === undefined) throw bodyInvalid("Request body must include 'name' field");
  if (size === undefined) throw bodyInvalid("Request body must include 'size' field");
  if (size < 1) throw bodyInvalid(`'size' is ${size}, wanted the number of bytes that will be sent`);
  return { name, bytes: size };
}

/** What is kept with the job is small. @throws KittiwakeError `body_invalid` */
function checkBounds(body: StartBody): void {
  for (const field of ['commit_pages', 'max_rows'] as const) {
    const value = body[field];
    if (typeof value === 'number' && value < 1) throw bodyInvalid(`'${field}' is ${value}, wanted 1 or more`);
  }
  const lengths = [
    ['pipeline', JSON.stringify(body.pipeline ?? {}).length, MAX_PIPELINE_CHARACTERS],
    ['columns', (body.columns ?? []).join('').length, MAX_COLUMNS_CHARACTERS],
    ['commit_message', (body.commit_message ?? '').length, MAX_MESSAGE],
    ...(['name', 'url', 'branch', 'into', 'encoding', 'delimiter', 'sheet'] as const).map(
      field => [field, (body[field] ?? '').length, MAX_MESSAGE] as const,
    ),
  ] as const;
  for (const [field, length, max] of lengths)
    if (length > max) throw bodyInvalid(`'${field}' has ${length} characters, the limit is ${max}`);
}

import type { PatchPage, Wiki, Written } from '../../wiki/wiki.ts';
import { type BodyTexts, conform, conformOptional, present, type RawBody, receive } from '../body.ts';
import type { HttpResponse } from '../message.ts';
import { refuseHidden } from '../path.ts';
import type { Context } from '../route.ts';
import { isObject, type ObjectSchema } from '../schema.ts';
import * as schemas from '../schemas/pages.ts';
import { type CommonFields, lockOf, writeOptions, written } from '../write.ts';

export async function putPage(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const body = conform(raw, schemas.putPage, { absent: "Request body must include 'content' field" });
  const options = await writeOptions(context, body, raw.bytes);
  const wiki = await context.services.wiki();
  const result = await wiki.putPage(
    {
      path: pathOf(context),
      content: body.content,
      ...lockOf(context, body.revision),
      ...present({ onConflict: body.on_conflict }),
    },
    options,
  );
  return written(result.body.created ? 201 : 200, await withoutDraft(context, body, wiki, result));
}

const patchTexts: BodyTexts = {
  absent: 'Request body is required',
  missing: field => `Missing required field: ${field}`,
};

export async function patchPage(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  if (isObject(raw.value) && Object.hasOwn(raw.value, 'section')) {
    const body = conform(raw, relaxed(schemas.patchSection, context), patchTexts);
    const { section, content, placement, on_conflict: onConflict } = body;
    return patched(context, raw, body, { section, content, ...present({ placement, onConflict }) });
  }
  const body = conform(raw, relaxed(schemas.patchText, context), patchTexts);
  const { old_string: oldString, new_string: newString, on_conflict: onConflict } = body;
  return patched(context, raw, body, { oldString, newString, ...present({ onConflict }) });
}

interface SavedFields extends CommonFields {
  revision?: string | null;
  discard_draft?: boolean | null;
}

async function patched(
  context: Context,
  { bytes }: RawBody,
  fields: SavedFields,
  change: Omit<PatchPage, 'path'>,
): Promise<HttpResponse> {
  const options = await writeOptions(context, fields, bytes);
  const wiki = await context.services.wiki();
  const input = { path: pathOf(context), ...change, ...lockOf(context, fields.revision) };
  return written(200, await withoutDraft(context, fields, wiki, await wiki.patchPage(input, options)));
}

/** The answer of a save, after the draft was discarded if that was asked for. A repeat leaves alone what came later. */
async function withoutDraft<B extends object>(
  context: Context,
  fields: SavedFields,
  wiki: Wiki,
  result: Written<B>,
): Promise<Written<object>> {
  if (!fields.discard_draft || fields.dry_run || result.replayed) return result;
  const { discardDraft } = await import('./drafts.ts');
  return { ...result, body: { ...result.body, draft_discarded: await discardDraft(context, wiki) } };
}

/** With If-Match there is no need of a `revision`. */
function relaxed<S extends ObjectSchema>(schema: S, { request }: Context): S {
  if (request.headers['if-match'] === undefined) return schema;
  return { ...schema, required: (schema.required ?? []).filter(name => name !== 'revision') };
}

export async function deletePage(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const body = conformOptional(raw, schemas.deletePage);
  const options = await writeOptions(context, body, raw.bytes);
  const wiki = await context.services.wiki();
  const { recursive } = body;
  const input = { path: pathOf(context), ...lockOf(context, body.revision), ...present({ recursive }) };
  return written(200, await wiki.deletePage(input, options));
}

export async function renamePage(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const body = conformOptional(raw, schemas.renamePage);
  const options = await writeOptions(context, body, raw.bytes);
  const wiki = await context.services.wiki();
  const newPath = typeof body.new_path === 'string' ? refuseHidden(body.new_path) : undefined;
  return written(
    200,
    await wiki.renamePage({ path: pathOf(context), newPath, ...lockOf(context, body.revision) }, options),
  );
}

export async function restorePage(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const body = conform(raw, schemas.restorePage, { absent: "Request body must include 'revision' field" });
  const options = await writeOptions(context, body, raw.bytes);
  const wiki = await context.services.wiki();
  const lock = lockOf(context, body.expected_revision);
  const result = await wiki.restorePage({ path: pathOf(context), to: body.revision, ...lock }, options);
  return written(result.body.created ? 201 : 200, result);
}

function pathOf(context: Context): string {
  return context.params.path ?? '';
}

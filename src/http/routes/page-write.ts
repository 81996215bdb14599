import { type BodyTexts, conform, conformOptional, present, receive } from '../body.ts';
import type { HttpResponse } from '../message.ts';
import { refuseHidden } from '../path.ts';
import type { Context } from '../route.ts';
import { isObject, type ObjectSchema } from '../schema.ts';
import * as schemas from '../schemas/pages.ts';
import { lockOf, writeOptions, written } from '../write.ts';

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
  return written(result.body.created ? 201 : 200, result);
}

const patchTexts: BodyTexts = {
  absent: 'Request body is required',
  missing: field => `Missing required field: ${field}`,
};

export async function patchPage(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const common = { path: pathOf(context) };
  const wiki = context.services.wiki;
  if (isObject(raw.value) && Object.hasOwn(raw.value, 'section')) {
    const body = conform(raw, relaxed(schemas.patchSection, context), patchTexts);
    const { section, content, placement, on_conflict: onConflict } = body;
    const change = { section, content, ...present({ placement, onConflict }) };
    const input = { ...common, ...change, ...lockOf(context, body.revision) };
    return written(200, await (await wiki()).patchPage(input, await writeOptions(context, body, raw.bytes)));
  }
  const body = conform(raw, relaxed(schemas.patchText, context), patchTexts);
  const { old_string: oldString, new_string: newString, on_conflict: onConflict } = body;
  const input = {
    ...common,
    oldString,
    newString,
    ...present({ onConflict }),
    ...lockOf(context, body.revision),
  };
  return written(200, await (await wiki()).patchPage(input, await writeOptions(context, body, raw.bytes)));
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

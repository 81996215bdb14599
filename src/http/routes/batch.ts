import type { BatchChange } from '../../wiki/wiki.ts';
import { conform, present, receive } from '../body.ts';
import { bodyInvalid } from '../errors.ts';
import type { HttpResponse } from '../message.ts';
import { refuseHidden } from '../path.ts';
import type { Context } from '../route.ts';
import type { FromSchema } from '../schema.ts';
import * as schemas from '../schemas/batch.ts';
import { writeOptions, written } from '../write.ts';

export async function batch(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const body = conform(raw, schemas.batch, {
    absent: "Request body must include 'changes' field",
    missing: field =>
      field === 'changes' ? "Request body must include 'changes' field" : `Missing required field: ${field}`,
  });
  const changes = body.changes.map(changeOf);
  const options = await writeOptions(context, body, raw.bytes);
  const wiki = await context.services.wiki();
  return written(200, await wiki.batch(changes, options));
}

type Change = FromSchema<typeof schemas.change>;

export function changeOf(change: Change, index: number): BatchChange {
  const { op } = change;
  const path = refuseHidden(change.path);
  const text = (name: 'content' | 'filename' | 'old_string' | 'new_string' | 'revision'): string => {
    const value = change[name];
    if (value === undefined || value === null) {
      throw bodyInvalid(`Missing required field: changes[${index}].${name}`);
    }
    return value;
  };
  const lock = present({ revision: change.revision });
  const onConflict = change.on_conflict;
  switch (op) {
    case 'put':
      return { op, path, content: text('content'), ...lock, ...present({ onConflict }) };
    case 'patch': {
      const { section, placement } = change;
      if (section === undefined || section === null) {
        const strings = { oldString: text('old_string'), newString: text('new_string') };
        return { op, path, revision: text('revision'), ...strings, ...present({ onConflict }) };
      }
      const edit = { section, content: text('content'), ...present({ placement, onConflict }) };
      return { op, path, revision: text('revision'), ...edit };
    }
    case 'delete':
      return { op, path, ...lock, ...present({ recursive: change.recursive }) };
    case 'rename':
      return {
        op,
        path,
        ...lock,
        newPath: typeof change.new_path === 'string' ? refuseHidden(change.new_path) : undefined,
      };
    case 'restore':
      return { op, path, to: text('revision'), ...present({ revision: change.expected_revision }) };
    case 'attach':
      return { op, path, filename: text('filename'), content: text('content'), ...lock };
    case 'delete_attachment':
      return { op, path, filename: text('filename'), ...lock };
  }
}

export async function revert(context: Context): Promise<HttpResponse> {
  const raw = await receive(context);
  const body = conform(raw, schemas.revert, { absent: "Request body must include 'revision' field" });
  const options = await writeOptions(context, body, raw.bytes);
  const wiki = await context.services.wiki();
  return written(200, await wiki.revert(body.revision, options));
}

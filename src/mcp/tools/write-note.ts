import type { PatchPage } from '../../wiki/wiki.ts';
import { flag, revision, text, written } from '../answer-schema.ts';
import { given } from '../arguments.ts';
import { tellingConflict } from '../conflict.ts';
import type { Session } from '../session.ts';
import { defineTool, type Effects, type ToolAnswer } from '../tool.ts';
import { outcomeText, shortRevision } from '../tried-out.ts';
import { type WriteArguments, writeOptions } from '../write-options.ts';
import * as fields from './fields.ts';

/** Of a page or a part of one, in UTF-16 units. */
const MAX_CHARACTERS = 1_000_000;

const CHANGES: Effects = { readOnly: false, destructive: true };

const content = { type: 'string', maxLength: MAX_CHARACTERS } as const;

const patched = written({ path: text, name: {}, revision, merged: flag }, ['merged']);

export const writeNote = defineTool({
  name: 'write_note',
  title: 'Write a note',
  description:
    'Creates a page, or replaces the whole text of one. An existing page needs the revision that was read. For small changes edit_note, edit_section and append_to_note are better.',
  right: 'write',
  effects: { ...CHANGES, idempotent: true },
  input: {
    type: 'object',
    required: ['path', 'content'],
    properties: {
      path: fields.path,
      content: { ...content, description: 'The whole page in Markdown, YAML frontmatter included.' },
      revision: fields.readRevision,
      on_conflict: fields.onConflict,
      ...fields.writing,
    },
  },
  output: written({ path: text, name: {}, revision, created: flag, merged: flag }, ['merged']),
  async run(args, session) {
    const { path, content, revision: read, on_conflict: onConflict } = args;
    const wiki = await session.services.wiki();
    const options = await writeOptions(session, { tool: 'write_note', args });
    const input = { path, content, ...given({ revision: read }), ...conflictOf(onConflict) };
    const { body } = await tellingConflict(wiki, input, () => wiki.putPage(input, options));
    const done = `${body.created ? 'Created' : 'Updated'} ${body.path} (revision: ${shortRevision(body.revision)})`;
    return { text: outcomeText(done, body), data: body };
  },
});

export const editNote = defineTool({
  name: 'edit_note',
  title: 'Edit a note',
  description: 'Replaces one piece of text of a page. It must stand there exactly once.',
  right: 'write',
  effects: CHANGES,
  input: {
    type: 'object',
    required: ['path', 'revision', 'old_string', 'new_string'],
    properties: {
      path: fields.path,
      revision: fields.readRevision,
      old_string: { ...content, description: 'The text to replace, to the letter, line breaks included.' },
      new_string: { ...content, description: 'What stands there afterwards. Empty: nothing.' },
      on_conflict: fields.onConflict,
      ...fields.writing,
    },
  },
  output: patched,
  run(args, session) {
    const { old_string: oldString, new_string: newString } = args;
    return patch('edit_note', args, { oldString, newString }, session);
  },
});

export const editSection = defineTool({
  name: 'edit_section',
  title: 'Edit a section',
  description: 'Replaces one section of a page, from its heading to the next heading of its level or above.',
  right: 'write',
  effects: { ...CHANGES, idempotent: true },
  input: {
    type: 'object',
    required: ['path', 'revision', 'section', 'content'],
    properties: {
      path: fields.path,
      revision: fields.readRevision,
      section: {
        type: 'string',
        maxLength: 1000,
        description: 'Title of the section, or its path: "Chapter > Section".',
      },
      content: { ...content, description: 'The new section, its heading included.' },
      on_conflict: fields.onConflict,
      ...fields.writing,
    },
  },
  output: patched,
  run(args, session) {
    const { section, content } = args;
    return patch('edit_section', args, { section, content }, session);
  },
});

interface PatchArguments extends WriteArguments {
  path: string;
  revision: string;
  on_conflict?: '' | 'fail' | 'merge';
}

async function patch(
  tool: string,
  args: PatchArguments,
  change: Omit<PatchPage, 'path'>,
  session: Session,
): Promise<ToolAnswer> {
  const { path, revision, on_conflict: onConflict } = args;
  const wiki = await session.services.wiki();
  const options = await writeOptions(session, { tool, args });
  const input = { path, revision, ...change, ...conflictOf(onConflict) };
  const { body } = await tellingConflict(wiki, input, () => wiki.patchPage(input, options));
  const done = `Edited ${body.path} (revision: ${shortRevision(body.revision)})`;
  return { text: outcomeText(done, body), data: body };
}

function conflictOf(onConflict: '' | 'fail' | 'merge' | undefined): { onConflict?: 'fail' | 'merge' } {
  return onConflict ? { onConflict } : {};
}

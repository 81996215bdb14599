import { flag, listOf, revision, text, whole, written } from '../answer-schema.ts';
import { given } from '../arguments.ts';
import { tellingConflict } from '../conflict.ts';
import { defineTool, type Effects } from '../tool.ts';
import { outcomeText, shortRevision } from '../tried-out.ts';
import { writeOptions } from '../write-options.ts';
import * as fields from './fields.ts';

const CHANGES: Effects = { readOnly: false, destructive: true };

/** Where it may be left out. */
const lock = {
  ...fields.readRevision,
  description:
    'Refuse if the newest revision of the page is another one. Default: do it whatever stands there.',
} as const;

export const renameNote = defineTool({
  name: 'rename_note',
  title: 'Rename a note',
  description:
    'Moves a page with its attachments and sub-pages, and rewrites every link to it, in one commit.',
  right: 'write',
  effects: CHANGES,
  input: {
    type: 'object',
    required: ['path', 'new_path'],
    properties: {
      path: fields.path,
      new_path: { ...fields.path, description: 'Where it goes. Nothing may be there.' },
      revision: lock,
      ...fields.writing,
    },
  },
  output: written({ old_path: text, new_path: text, revision, updated_pages: listOf(text) }),
  async run(args, session) {
    const { path, new_path: newPath, revision: read } = args;
    const wiki = await session.services.wiki();
    const options = await writeOptions(session, { tool: 'rename_note', args });
    const input = { path, newPath, ...given({ revision: read }) };
    const { body } = await tellingConflict(wiki, input, () => wiki.renamePage(input, options));
    const updated = body.updated_pages.map(page => `  - ${page}`);
    const lines = [
      `Renamed ${body.old_path} -> ${body.new_path} (revision: ${shortRevision(body.revision)})`,
      ...(updated.length > 0
        ? [`Updated ${updated.length} backreferences:`, ...updated]
        : ['No backreferences needed updating.']),
    ];
    return { text: outcomeText(lines.join('\n'), body), data: body };
  },
});

export const deleteNote = defineTool({
  name: 'delete_note',
  title: 'Delete a note',
  description:
    'Deletes a page; its history stays, and restore_note brings it back. Attachments and sub-pages stay, unless recursive is true.',
  right: 'write',
  effects: CHANGES,
  input: {
    type: 'object',
    required: ['path'],
    properties: {
      path: fields.path,
      revision: lock,
      recursive: { type: 'boolean', description: 'Delete sub-pages and attachments too. Default false.' },
      ...fields.writing,
    },
  },
  output: written({ deleted: flag, path: text, deleted_pages: listOf(text), deleted_attachments: whole }, [
    'deleted_pages',
    'deleted_attachments',
  ]),
  async run(args, session) {
    const { path, revision: read, recursive = false } = args;
    const wiki = await session.services.wiki();
    const defaultMessage = `[mcp] Delete: ${path}`;
    const options = await writeOptions(session, { tool: 'delete_note', args, defaultMessage });
    const input = { path, recursive, ...given({ revision: read }) };
    const { body } = await tellingConflict(wiki, input, () => wiki.deletePage(input, options));
    return { text: outcomeText(`Deleted ${body.path}`, body), data: body };
  },
});

export const restoreNote = defineTool({
  name: 'restore_note',
  title: 'Restore a note',
  description: 'Gives a page the text it had at a revision, also when it was deleted since.',
  right: 'write',
  effects: { ...CHANGES, idempotent: true },
  input: {
    type: 'object',
    required: ['path', 'to'],
    properties: {
      path: fields.path,
      to: { ...fields.commit, description: 'The revision whose text comes back, as get_history shows it.' },
      revision: lock,
      ...fields.writing,
    },
  },
  output: written({ path: text, name: {}, revision, restored_from: revision, created: flag }),
  async run(args, session) {
    const { path, to, revision: read } = args;
    const wiki = await session.services.wiki();
    const options = await writeOptions(session, { tool: 'restore_note', args });
    const input = { path, to, ...given({ revision: read }) };
    const { body } = await tellingConflict(wiki, input, () => wiki.restorePage(input, options));
    const [from, now] = [body.restored_from, body.revision].map(shortRevision);
    return { text: outcomeText(`Restored ${body.path} from ${from} (revision: ${now})`, body), data: body };
  },
});

export const revert = defineTool({
  name: 'revert',
  title: 'Revert a commit',
  description:
    'Undoes what one commit did to all pages that it changed, and keeps what was done since. All of it, or nothing where later changes are in the way.',
  right: 'write',
  effects: { ...CHANGES, idempotent: true },
  input: {
    type: 'object',
    required: ['revision'],
    properties: {
      revision: { ...fields.commit, description: 'Commit to undo, as get_recent_changes shows it.' },
      ...fields.writing,
    },
  },
  output: written({ reverted: revision, revision, pages: listOf(text) }),
  async run(args, session) {
    const wiki = await session.services.wiki();
    const options = await writeOptions(session, { tool: 'revert', args });
    const { body } = await wiki.revert(args.revision, options);
    const lines = [
      `Reverted ${shortRevision(body.reverted)} (revision: ${shortRevision(body.revision)})`,
      ...(body.pages.length > 0 ? body.pages.map(page => `  - ${page}`) : ['No page needed changing.']),
    ];
    return { text: outcomeText(lines.join('\n'), body), data: body };
  },
});

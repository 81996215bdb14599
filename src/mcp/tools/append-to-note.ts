import { isKittiwakeError } from '../../core/errors.ts';
import type { PatchPageBody } from '../../wiki/bodies.ts';
import type { Wiki, WriteOptions } from '../../wiki/wiki.ts';
import { revision, text, written } from '../answer-schema.ts';
import { tellingConflict } from '../conflict.ts';
import { defineTool } from '../tool.ts';
import { outcomeText, shortRevision } from '../tried-out.ts';
import { writeOptions } from '../write-options.ts';
import * as fields from './fields.ts';

/** Times that the page is read again because somebody else has changed it. */
const MAX_ATTEMPTS = 5;

export const appendToNote = defineTool({
  name: 'append_to_note',
  title: 'Append to a note',
  description:
    'Adds text at the end of a page, or of one of its sections. It needs no revision, since what is there stays as it is.',
  right: 'write',
  effects: { readOnly: false },
  input: {
    type: 'object',
    required: ['path', 'content'],
    properties: {
      path: fields.path,
      content: {
        type: 'string',
        maxLength: 1_000_000,
        description: 'What is added, beginning on a line of its own.',
      },
      section: {
        type: 'string',
        maxLength: 1000,
        description: 'Title of a section, or its path: "Chapter > Section". Default: the end of the page.',
      },
      revision: { ...fields.readRevision, description: 'Adds only if this is still the newest revision.' },
      ...fields.writing,
    },
  },
  output: written({ path: text, name: {}, revision }),
  async run(args, session) {
    const wiki = await session.services.wiki();
    const options = await writeOptions(session, { tool: 'append_to_note', args });
    const { name, path, revision, dry_run, changes } = await append(wiki, args, options);
    const body = { name, path, revision, ...(dry_run ? { dry_run, changes } : {}) };
    return {
      text: outcomeText(`Appended to ${path} (revision: ${shortRevision(revision)})`, body),
      data: body,
    };
  },
});

interface Addition {
  path: string;
  content: string;
  section?: string;
  revision?: string;
}

async function append(wiki: Wiki, addition: Addition, options: WriteOptions): Promise<PatchPageBody> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await appendOnce(wiki, addition, options);
    } catch (error) {
      const isOvertaken = isKittiwakeError(error, 'revision_mismatch') && !addition.revision;
      if (!isOvertaken || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** To the page as it is now, which must not change meanwhile. */
async function appendOnce(
  wiki: Wiki,
  { path, content, section, revision: asked }: Addition,
  options: WriteOptions,
): Promise<PatchPageBody> {
  const { body: page } = await wiki.readPage(path);
  const lock = { path, revision: asked || page.revision };
  return await tellingConflict(wiki, lock, async () => {
    if (section) {
      const change = { section, content, placement: 'append' } as const;
      return (await wiki.patchPage({ ...lock, ...change }, options)).body;
    }
    return (await wiki.putPage({ ...lock, content: joined(page.content, content) }, options)).body;
  });
}

/** With the line ends of the page, which ends with one afterwards. */
function joined(before: string, added: string): string {
  const newline = before.includes('\r\n') ? '\r\n' : '\n';
  const separator = before === '' || before.endsWith('\n') ? '' : newline;
  const lines = added.endsWith('\n') ? added : `${added}\n`;
  return `${before}${separator}${lines.replace(/\r?\n/g, newline)}`;
}

import { changeOf } from '../../http/routes/batch.ts';
import { change } from '../../http/schemas/batch.ts';
import { listOf, revision, written } from '../answer-schema.ts';
import { defineTool } from '../tool.ts';
import { outcomeText, shortRevision } from '../tried-out.ts';
import { writeOptions } from '../write-options.ts';
import * as fields from './fields.ts';

export const batch = defineTool({
  name: 'batch',
  title: 'Change several notes',
  description:
    'Makes several changes in one commit: all of them, or none when one is refused. Each sees what those before it did. Ops: put (content; revision for an existing page), patch (revision, and old_string and new_string, or section and content), delete, rename (new_path), restore (revision to bring back), attach and delete_attachment (filename; content in base64).',
  right: 'write',
  effects: { readOnly: false, destructive: true },
  input: {
    type: 'object',
    required: ['changes'],
    properties: {
      changes: {
        type: 'array',
        items: change,
        maxItems: 1000,
        description: '1 to 1,000 changes, made in order.',
      },
      ...fields.writing,
    },
  },
  output: written({ results: listOf({ type: 'object' }), revision }),
  async run(args, session) {
    const changes = args.changes.map(changeOf);
    const wiki = await session.services.wiki();
    const options = await writeOptions(session, { tool: 'batch', args });
    const { body } = await wiki.batch(changes, options);
    const lines = [
      `Made ${changes.length} changes (revision: ${shortRevision(body.revision)}):`,
      ...changes.map(({ op, path }) => `- ${op} ${path}`),
    ];
    return { text: outcomeText(lines.join('\n'), body), data: body };
  },
});

import { bodyOf } from '../../http/routes/imports.ts';
import { listOf, object, text } from '../answer-schema.ts';
import { given } from '../arguments.ts';
import { cut } from '../paging.ts';
import { defineTool, READS } from '../tool.ts';
import * as fields from './fields.ts';

export const importStatus = defineTool({
  name: 'import_status',
  title: 'Status of imports',
  description:
    'Shows how imports of files into the wiki stand: those that you have started, all of them for administrators. With an id, that one.',
  right: 'upload',
  effects: READS,
  input: {
    type: 'object',
    properties: {
      id: {
        type: 'string',
        maxLength: 100,
        description: 'Of one import. Default: all of them, the newest first.',
      },
      limit: fields.limit(20, 100),
      cursor: fields.cursor,
    },
  },
  output: object({ imports: listOf(object({ id: text, state: text })), next_cursor: text }, ['next_cursor']),
  async run({ id, limit = 20, cursor }, { services }) {
    const imports = await (await services.projections()).imports();
    const page = id
      ? { jobs: [await imports.read(id)] }
      : await imports.list({ ...given({ after: cursor }), limit });
    const next = 'next' in page && page.next !== undefined ? { next_cursor: page.next } : {};
    const lines = page.jobs.map(job => {
      const { written, failed } = {
        written: imports.progress(job).pages,
        failed: (job.failures ?? []).length,
      };
      return `- ${job.id} | ${job.state} | ${job.source.name} | ${written} files written, ${failed} failures`;
    });
    return {
      text: [`${page.jobs.length} imports:`, ...lines, ...cut(next)].join('\n'),
      data: { imports: page.jobs.map(job => bodyOf(imports, job)), ...next },
    };
  },
});

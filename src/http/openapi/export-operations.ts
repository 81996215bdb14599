import type { Operation } from './operation.ts';
import { queryText } from './parameters.ts';

export const exportOperations = {
  exportWiki: {
    summary: 'Sends the wiki as one file: an archive, or a line of JSON for each page',
    description:
      'What the caller may read of one commit, whose id is in `Kittiwake-Revision`. `format=zip`: pages and attachments as they lie in the wiki. `format=ndjson`: `file`, `path`, `name`, `revision`, `frontmatter` and `content` of each page in the order of their files; who was cut off goes on with `at` and `after`. `format=bundle`, for administrators: all of it with its history, for git. An answer that breaks off is not whole: an archive then has no directory. Where answers are not streamed (HTTP API) a large wiki is refused: ask for less by `prefix`, or use the command `kittiwake export`.',
    tag: 'pages',
    query: [
      { name: 'format', description: 'Default: `zip`.', schema: { enum: ['zip', 'ndjson', 'bundle'] } },
      queryText('prefix', 'Path of a page: it and all below it.'),
      queryText('at', 'Revision to export, 40 hex digits. Default: the newest.'),
      queryText('after', 'With `ndjson`: `file` of the last line at hand.'),
      {
        name: 'attachments',
        description: 'With `ndjson`: other files too, each a line of `file`, `revision` and `base64`.',
        schema: { enum: ['true', 'false'] },
      },
    ],
    answers: {
      200: {
        description: 'The file',
        bytes: true,
        headers: [{ name: 'Kittiwake-Revision', description: 'The commit.', schema: { type: 'string' } }],
      },
    },
    errors: ['commit_not_found', 'answer_too_large', 'export_empty', 'forbidden'],
  },
} as const satisfies Record<string, Operation>;

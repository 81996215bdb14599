import type { ObjectSchema } from '../schema.ts';

export const startImport = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'Name of the file that will be sent.' },
    size: { type: 'integer', description: 'Its bytes.' },
    url: {
      type: ['string', 'null'],
      description:
        'In place of both: of a git repository that is fetched with its history over HTTPS, for administrators. Without user name and password.',
    },
    branch: { type: ['string', 'null'], description: 'Of a git repository. Default: that of its HEAD.' },
    format: {
      type: ['string', 'null'],
      enum: ['csv', 'ndjson', 'xlsx', 'markdown', 'git', null],
      description:
        'Default: told from the content, which may be gzipped. `markdown`: a ZIP of Markdown files. `git`: a bundle with its history, for administrators.',
    },
    pipeline: {
      type: 'object',
      properties: {},
      description:
        'How rows become pages: docs/import.md. Default: the columns `path` and `content`. Other files cannot be named here.',
    },
    existing: {
      type: ['string', 'null'],
      enum: ['skip', 'overwrite', 'merge', 'fail', null],
      description:
        'What becomes of pages that are there with other content. `merge`: what was edited since the import was made is merged. Default: skip.',
    },
    on_error: {
      type: ['string', 'null'],
      enum: ['skip', 'fail', null],
      description: '`fail`: one row that fails ends all of it, and nothing is committed. Default: skip.',
    },
    dry_run: { type: ['boolean', 'null'], description: 'Writes nothing, and makes a sample of the result.' },
    into: { type: ['string', 'null'], description: 'Page below which everything is put. Default: the wiki.' },
    commit_message: { type: ['string', 'null'] },
    commit_pages: {
      type: ['integer', 'null'],
      description: 'A commit for so many files. Default: one for all.',
    },
    max_rows: { type: ['integer', 'null'], description: 'A source with more rows is refused.' },
    encoding: { type: ['string', 'null'], description: 'Of a text, as the Encoding standard names it.' },
    delimiter: { type: ['string', 'null'], description: 'Of CSV: one character.' },
    columns: {
      type: 'array',
      maxItems: 1_000,
      items: { type: 'string' },
      description: 'Of CSV without a header: the names of its columns.',
    },
    lenient: {
      type: ['boolean', 'null'],
      description:
        'Of CSV: rows with fewer cells than the header, and with empty ones behind, are taken. Default: they fail.',
    },
    sheet: { type: ['string', 'null'], description: 'Of a workbook. Default: the first.' },
    convention: {
      type: ['string', 'null'],
      enum: ['plain', 'obsidian', 'notion', 'outline', null],
      description: 'What wrote an archive. Default: told from what it holds.',
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema;

export const completeImport = {
  type: 'object',
  properties: {
    parts: {
      type: 'array',
      maxItems: 10_000,
      description: 'What the store answered to each part. Default: whatever is there.',
      items: {
        type: 'object',
        required: ['number', 'etag'],
        properties: { number: { type: 'integer' }, etag: { type: 'string' } },
      },
    },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema;

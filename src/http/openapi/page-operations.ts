import * as schemas from '../schemas/pages.ts';
import * as answers from './answers.ts';
import type { Operation } from './operation.ts';
import { cursor, etag, ifNoneMatchRead, limit, lockHeaders, queryText, replayed } from './parameters.ts';
import { edits, merges, places, renames, stalePage, tooMuchToRender } from './refusals.ts';

const writeHeaders = [etag, replayed];

export const pageOperations = {
  listPages: {
    summary: 'Lists pages',
    description: 'Filters are joined by AND; empty ones do not filter. Ordered by file name.',
    tag: 'pages',
    query: [
      queryText('prefix', 'Beginning of the path.'),
      queryText('category', 'Frontmatter category, whatever its case.'),
      queryText('tag', 'One of the frontmatter tags, whatever its case.'),
      queryText('updated_since', 'ISO 8601 date or time; without an offset it is UTC.'),
      limit('Most pages of the answer; default and most 10,000.'),
      cursor,
    ],
    answers: { 200: { description: 'The pages', schema: answers.pageListAnswer } },
    errors: ['updated_since_invalid', 'cursor_invalid'],
  },
  readPage: {
    summary: 'Reads a page',
    tag: 'pages',
    query: [
      queryText('revision', 'The page as of this commit: HEAD, or 4 to 40 hex digits.'),
      queryText('section', 'Only the section of this title or path of titles ("A > B").'),
      queryText('format', '`json` (default), or `html`: a document of its own, which may be shown as it is.'),
    ],
    headers: [ifNoneMatchRead],
    answers: {
      200: { description: 'The page', schema: answers.pageAnswer, headers: [etag], html: true },
      304: { description: 'What is at hand still holds', headers: [etag] },
    },
    errors: [
      'page_not_found',
      'page_not_text',
      'revision_purged',
      'section_not_found',
      'section_ambiguous',
      ...tooMuchToRender,
    ],
  },
  putPage: {
    summary: 'Creates or replaces a page',
    tag: 'pages',
    headers: lockHeaders,
    request: { required: true, schemas: [schemas.putPage] },
    answers: {
      200: { description: 'Replaced, or unchanged', schema: answers.putPageAnswer, headers: writeHeaders },
      201: { description: 'Created', schema: answers.putPageAnswer, headers: writeHeaders },
    },
    errors: ['text_invalid', ...stalePage, ...places, ...merges],
  },
  patchPage: {
    summary: 'Edits a page: one exact substring, or one section',
    tag: 'pages',
    headers: lockHeaders,
    request: { required: true, schemas: [schemas.patchText, schemas.patchSection] },
    answers: { 200: { description: 'Edited', schema: answers.patchPageAnswer, headers: writeHeaders } },
    errors: ['page_not_found', ...edits, ...stalePage, ...merges],
  },
  deletePage: {
    summary: 'Deletes a page',
    tag: 'pages',
    headers: lockHeaders,
    request: { required: false, schemas: [schemas.deletePage] },
    answers: { 200: { description: 'Deleted', schema: answers.deletePageAnswer, headers: [replayed] } },
    errors: ['page_not_found', ...stalePage],
  },
  renamePage: {
    summary: 'Renames a page with its attachments and sub-pages, and rewrites the links to it',
    tag: 'pages',
    headers: lockHeaders,
    request: { required: true, schemas: [schemas.renamePage] },
    answers: { 200: { description: 'Renamed', schema: answers.renamePageAnswer, headers: writeHeaders } },
    errors: ['page_not_found', ...renames, ...stalePage, ...places],
  },
  restorePage: {
    summary: 'Gives a page the text it had at a revision, also after it was deleted',
    tag: 'pages',
    headers: lockHeaders,
    request: { required: true, schemas: [schemas.restorePage] },
    answers: {
      200: { description: 'Restored', schema: answers.restorePageAnswer, headers: writeHeaders },
      201: { description: 'Brought back', schema: answers.restorePageAnswer, headers: writeHeaders },
    },
    errors: ['page_not_found', 'commit_not_found', 'revision_purged', ...stalePage, ...places],
  },
} as const satisfies Record<string, Operation>;

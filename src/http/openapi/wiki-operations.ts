import * as batches from '../schemas/batch.ts';
import * as answers from './answers.ts';
import { attachmentOperations } from './attachment-operations.ts';
import { draftOperations } from './draft-operations.ts';
import { exportOperations } from './export-operations.ts';
import { importOperations } from './import-operations.ts';
import { mailOperations } from './mail-operations.ts';
import type { Operation } from './operation.ts';
import { cursor, limit, queryText, replayed, required } from './parameters.ts';
import { pluginOperations } from './plugin-operations.ts';
import { policyOperations } from './policy-operations.ts';
import { projectionOperations } from './projection-operations.ts';
import { attached, edits, merges, places, renames, stalePage } from './refusals.ts';
import { remoteOperations } from './remote-operations.ts';
import { renderOperations } from './render-operations.ts';
import { rankedAnswer, searchOperations } from './search-operations.ts';
import { tenantOperations } from './tenant-operations.ts';
import { tokenOperations } from './token-operations.ts';
import { userOperations } from './user-operations.ts';
import { webhookOperations } from './webhook-operations.ts';

export const wikiOperations = {
  health: {
    summary: 'Says that the process answers',
    tag: 'service',
    answers: { 200: { description: 'It does', schema: answers.healthAnswer } },
  },
  openapi: {
    summary: 'This document',
    tag: 'service',
    answers: { 200: { description: 'OpenAPI 3.1', schema: { type: 'object' } } },
  },
  ...attachmentOperations,
  ...draftOperations,
  ...exportOperations,
  ...importOperations,
  ...pluginOperations,
  ...policyOperations,
  ...projectionOperations,
  ...renderOperations,
  ...tenantOperations,
  ...tokenOperations,
  ...userOperations,
  ...searchOperations,
  ...mailOperations,
  ...webhookOperations,
  ...remoteOperations,
  pageHistory: {
    summary: 'Lists the commits that touched a page, through renames, newest first',
    tag: 'history',
    query: [limit('Most commits of the answer; default all, 10,000 at a time.'), cursor],
    answers: { 200: { description: 'The commits', schema: answers.historyAnswer } },
    errors: ['page_not_found', 'history_empty', 'cursor_invalid'],
  },
  changelog: {
    summary: 'Lists the commits of the wiki, newest first',
    tag: 'history',
    query: [limit('Most commits of the answer; default 50; 0: all, 10,000 at a time.'), cursor],
    answers: { 200: { description: 'The commits', schema: answers.changelogAnswer } },
    errors: ['cursor_invalid'],
  },
  pageLinks: {
    summary: 'Names the pages that a page links to, and those that link to it',
    tag: 'links',
    query: [limit('Most entries of linked_from; default and most 10,000.'), cursor],
    answers: { 200: { description: 'The links', schema: answers.pageLinksAnswer } },
    errors: ['cursor_invalid'],
  },
  linkGraph: {
    summary: 'All links between pages',
    tag: 'links',
    query: [limit('Most edges of the answer; default and most 100,000.'), cursor],
    answers: { 200: { description: 'The graph', schema: answers.linkGraphAnswer } },
    errors: ['cursor_invalid'],
  },
  search: {
    summary: 'Searches names and texts',
    description:
      'Without `mode`, or with `mode=simple`, as Otterwiki does. `mode=ranked` takes phrases, beginnings of words, fields and exclusions, orders by relevance, says where it found what, and answers with other fields: see docs/search.md.',
    tag: 'search',
    query: [
      required(queryText('q', 'Words, joined by OR; whatever their case. With `mode=ranked` a query.')),
      { name: 'mode', description: 'Default simple.', schema: { enum: ['simple', 'ranked'] } },
      limit('Most results of the answer; default and most 1,000. With `mode=ranked` default 20, most 100.'),
      cursor,
    ],
    answers: {
      200: {
        description: 'The hits, best first',
        schema: { anyOf: [answers.searchAnswer, rankedAnswer] },
      },
    },
    errors: ['cursor_invalid', 'query_required', 'query_too_long', 'search_busy'],
  },
  batch: {
    summary: 'Makes several changes in one commit: all or nothing',
    tag: 'pages',
    request: { required: true, schemas: [batches.batch] },
    answers: { 200: { description: 'Made', schema: answers.batchAnswer, headers: [replayed] } },
    errors: [
      'batch_empty',
      'batch_too_large',
      'page_not_found',
      'attachment_not_found',
      'commit_not_found',
      'revision_purged',
      ...merges,
      ...edits,
      ...renames,
      ...attached,
      ...places,
      ...stalePage,
    ],
  },
  revert: {
    summary: 'Undoes a commit',
    tag: 'history',
    request: { required: true, schemas: [batches.revert] },
    answers: { 200: { description: 'Undone', schema: answers.revertAnswer, headers: [replayed] } },
    errors: ['commit_not_found', 'revision_purged', 'revision_short', 'revert_conflict', 'page_not_text'],
  },
} as const satisfies Record<string, Operation>;

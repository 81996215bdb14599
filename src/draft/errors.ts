import { KittiwakeError } from '../core/errors.ts';

/** @param page as the caller named it */
export function draftNotFound(page: string): KittiwakeError {
  return new KittiwakeError('draft_not_found', `Draft not found: ${page}`);
}

export function draftChanged(page: string): KittiwakeError {
  return new KittiwakeError(
    'precondition_failed',
    `Saving the draft of "${page}": it was saved elsewhere meanwhile, wanted what If-Match says; read it again`,
  );
}

export function draftsFull(maxDrafts: number): KittiwakeError {
  return new KittiwakeError(
    'drafts_full',
    `Saving a draft: you have ${maxDrafts} drafts, the most there can be; save or delete some of them first`,
    { data: { maxDrafts } },
  );
}

export function draftUnreadable(): KittiwakeError {
  return new KittiwakeError('object_unreadable', 'Reading a document: it is no draft as it should be');
}

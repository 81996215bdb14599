import { attachmentCalls } from './attachments.ts';
import { importCalls } from './imports.ts';
import { listCalls } from './lists.ts';
import { type ClientOptions, settle } from './options.ts';
import { pageCalls } from './pages.ts';
import { createRequester } from './request.ts';
import { updateCalls } from './update.ts';

export type { ImportJob } from './imports.ts';
export type { AttachmentSummary, Commit, Hit, PageSummary, WikiCommit, WikiEvent } from './lists.ts';
export type { Change, Page } from './pages.ts';

/** A client of one wiki. It keeps no connection and no state. */
export type KittiwakeClient = ReturnType<typeof createClient>;

/** @throws KittiwakeClientError `options_invalid` */
export function createClient(options: ClientOptions) {
  const settings = settle(options);
  const requester = createRequester(settings);
  const pages = pageCalls(requester);
  return {
    ...requester,
    ...pages,
    ...updateCalls(pages),
    ...listCalls(requester),
    ...attachmentCalls(requester, settings),
    /** Imports of any size. */
    imports: importCalls(requester, settings),
  };
}

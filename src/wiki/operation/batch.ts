import { isKittiwakeError } from '../../core/errors.ts';
import type { BatchBody } from '../bodies.ts';
import type { Outcome } from '../change/outcome.ts';
import type { Workspace } from '../change/workspace.ts';
import { batchEmpty, batchTooLarge, inBatch } from '../errors.ts';
import type { BatchChange } from '../wiki.ts';
import { deleteAttachment, putAttachment } from './attachments.ts';
import { deletePage } from './delete-page.ts';
import { patchPage } from './patch-page.ts';
import { putPage } from './put-page.ts';
import { renamePage } from './rename-page.ts';
import { restorePage } from './restore-page.ts';

export const MAX_BATCH_CHANGES = 1_000;

/**
 * Carries out several changes as one commit: each sees those before it, and one refusal refuses all. A revision is
 * checked against the wiki as it was before the batch; what the batch itself made needs none.
 */
export async function batch(
  workspace: Workspace,
  changes: readonly BatchChange[],
): Promise<Outcome<BatchBody>> {
  if (changes.length === 0) throw batchEmpty();
  if (changes.length > MAX_BATCH_CHANGES) throw batchTooLarge(changes.length, MAX_BATCH_CHANGES);
  const outcomes: Outcome<object>[] = [];
  for (const [index, change] of changes.entries()) {
    try {
      await workspace.step();
      outcomes.push(await carryOut(workspace, change));
    } catch (error) {
      throw isKittiwakeError(error) ? inBatch(error, index) : error;
    }
  }
  const only = outcomes.length === 1 ? outcomes[0] : undefined;
  return {
    summary: only?.summary ?? `Batch: ${outcomes.length} changes`,
    subject: [...new Set(outcomes.map(({ subject }) => subject))].join(', '),
    body: commit => ({ results: outcomes.map(outcome => outcome.body(commit)), revision: commit ?? '' }),
  };
}

function carryOut(workspace: Workspace, change: BatchChange): Promise<Outcome<object>> {
  switch (change.op) {
    case 'put':
      return putPage(workspace, change);
    case 'patch':
      return patchPage(workspace, change);
    case 'delete':
      return deletePage(workspace, change);
    case 'rename':
      return renamePage(workspace, change);
    case 'restore':
      return restorePage(workspace, change);
    case 'attach':
      return putAttachment(workspace, change);
    case 'delete_attachment':
      return deleteAttachment(workspace, change);
  }
}

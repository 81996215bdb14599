import type { CallToolResult } from '@modelcontextprotocol/server';
import { isKittiwakeError, type KittiwakeError } from '../core/errors.ts';
import { publicText, shownData, statusOf } from '../http/status.ts';
import type { Session } from './session.ts';

/** Of a diff, in characters: the whole of it is in the structured part. */
const MAX_SHOWN_DIFF = 20_000;

/** What to do about it. */
const HINTS: Readonly<Record<string, string>> = {
  page_not_found: 'Use write_note to create it, or list_notes to find what there is.',
  attachment_not_found: 'Use list_attachments to see what there is.',
  commit_not_found: 'Use get_history or get_recent_changes to find revisions.',
  revision_mismatch:
    'Read the page again to get its current revision, and apply your change to its current text.',
  revision_required: 'Read the page again, and give the revision that it shows.',
  outcome_unknown:
    'Read first what became of it. Only a call with an idempotency_key may be repeated as it is, with the same key.',
  merge_conflict:
    'Read the page again to get its current revision, and apply your change to its current text.',
};

/**
 * A refusal as a result: a text for the model, and the code with what there is to work from.
 * @param name of the tool
 */
export function toolError(error: unknown, name: string, session: Session): CallToolResult {
  if (!isKittiwakeError(error) || statusOf(error) === 500) {
    const id = session.report(error);
    const text = `Wiki server error (500): Internal error, request ${id}. The server may be restarting: try again later.`;
    return failed(text, { code: 'internal', message: 'Internal error', request_id: id });
  }
  if (error.code === 'forbidden') session.denied?.(error, name);
  const message = publicText(error);
  return failed(explained(error, message), { code: error.code, message, ...shownData(error) });
}

function failed(text: string, error: Record<string, unknown>): CallToolResult {
  return { isError: true, content: [{ type: 'text', text }], structuredContent: { error } };
}

function explained(error: KittiwakeError, message: string): string {
  const lines = [`${introduced(statusOf(error), message)}${hinted(HINTS[error.code], statusOf(error))}`];
  const { current_revision: current, diff } = error.data;
  if (typeof current === 'string') lines.push('', `Current revision: ${current}`);
  if (typeof diff === 'string' && diff !== '')
    lines.push('What differs:', diff.length > MAX_SHOWN_DIFF ? `${diff.slice(0, MAX_SHOWN_DIFF)}\n…` : diff);
  return lines.join('\n');
}

function introduced(status: number, message: string): string {
  const text = message.replace(/\.$/, '');
  if (status === 401) return `Authentication failed: ${text}.`;
  if (status === 404 || status === 410) return `${text}.`;
  if (status === 409 || status === 412) return `Conflict: ${text}.`;
  if (status === 400 || status === 422) return `Invalid request: ${text}.`;
  if (status >= 500) return `Wiki server error (${status}): ${text}.`;
  return `Wiki API error (${status}): ${text}.`;
}

function hinted(hint: string | undefined, status: number): string {
  if (hint !== undefined) return ` ${hint}`;
  return status >= 500 ? ' The server may be restarting: try again later.' : '';
}

import type { CallToolResult } from '@modelcontextprotocol/server';
import { isKittiwakeError } from '../core/errors.ts';
import { publicText, shownData, statusOf } from '../http/status.ts';
import type { Session } from './session.ts';

/** A refusal as a result: a text for the model, and the code with what there is to work from. */
export function toolError(error: unknown, session: Session): CallToolResult {
  if (!isKittiwakeError(error) || statusOf(error) === 500) {
    const id = session.report(error);
    const text = `The wiki could not do this: an internal error. Its administrator finds it under the request ${id}.`;
    return failed(text, { code: 'internal', error: 'Internal error', request_id: id });
  }
  const message = publicText(error);
  return failed(message, { code: error.code, error: message, ...shownData(error) });
}

function failed(text: string, data: Record<string, unknown>): CallToolResult {
  return { isError: true, content: [{ type: 'text', text }], structuredContent: data };
}

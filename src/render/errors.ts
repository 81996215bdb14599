import { KittiwakeError } from '../core/errors.ts';

/** The text, or what it would become, is larger than the limit. */
export function renderTooLarge(what: string, limit: number): KittiwakeError {
  return new KittiwakeError(
    'render_too_large',
    `Rendering the page: ${what} is larger than the limit of ${limit}`,
    {
      data: { limit },
    },
  );
}

export function renderTooDeep(limit: number): KittiwakeError {
  return new KittiwakeError(
    'render_too_deep',
    `Rendering the page: blocks are nested more than ${limit} deep`,
    { data: { limit } },
  );
}

export function renderTooLong(timeoutMs: number): KittiwakeError {
  return new KittiwakeError(
    'render_too_long',
    `Rendering the page: not done after ${timeoutMs} ms, the limit`,
    {
      data: { limit: timeoutMs },
    },
  );
}

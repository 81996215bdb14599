import { createHash } from 'node:crypto';
import type { RenderedPage } from '../../projection/render/page-rendering.ts';
import { escapeHtml } from '../../render/escape.ts';
import { matchesEtag } from '../../wiki/etag.ts';
import { queryInvalid } from '../errors.ts';
import type { HttpResponse } from '../message.ts';
import type { Context } from '../route.ts';

/** Nothing is run, sent or framed; pictures only from where the page itself comes. */
const POLICY =
  "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/**
 * A page as a document of its own.
 * @throws KittiwakeError `query_invalid`
 */
export async function readPageAs(
  format: string,
  { params, query, request, services }: Context,
): Promise<HttpResponse> {
  if (format !== 'html') throw queryInvalid(`"format" is ${JSON.stringify(format)}, wanted json or html`);
  if (query.has('section')) throw queryInvalid('"section" is of format json alone');
  const revision = query.get('revision');
  const rendering = await (await services.projections()).rendering();
  const page = await rendering.page(params.path ?? '', revision === undefined ? {} : { revision });
  const body = documentOf(page);
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 40)}"`;
  const cached = { etag, 'cache-control': 'private, no-cache' };
  const known = request.headers['if-none-match'];
  if (known !== undefined && matchesEtag(known, etag)) return { status: 304, headers: cached, body: '' };
  const headers = {
    ...cached,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
  };
  return { status: 200, headers, body };
}

function documentOf({ html, title }: RenderedPage): string {
  return `<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>${escapeHtml(title ?? '')}</title>\n</head>\n<body>\n${html}</body>\n</html>\n`;
}

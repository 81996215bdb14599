import type { ExportStream } from '../../export/wiki-exports.ts';
import { queryInvalid } from '../errors.ts';
import type { HttpResponse } from '../message.ts';
import type { Query } from '../query.ts';
import type { Context } from '../route.ts';

const TYPES = {
  zip: 'application/zip',
  ndjson: 'application/x-ndjson',
  bundle: 'application/x-git-bundle',
} as const;
const COMMIT = /^[0-9a-f]{40}$/;

/** Sends what the caller may read, as it is read. */
export async function exportWiki({ query, services }: Context): Promise<HttpResponse> {
  const format = formatOf(query);
  const selection = { prefix: query.get('prefix'), at: commitOf(query) };
  const after = query.get('after') || undefined;
  if (format === 'bundle' && (selection.prefix || selection.at))
    throw queryInvalid('Invalid query: a bundle is of everything');
  if (format !== 'ndjson' && after !== undefined)
    throw queryInvalid(
      "Invalid query: 'after' goes on with format=ndjson; others are sent from their beginning",
    );
  const exports = await (await services.projections()).exports();
  const attachments = query.get('attachments') === 'true';
  const stream = await {
    zip: () => exports.zip(selection),
    ndjson: () => exports.ndjson(selection, { after, attachments }),
    bundle: () => exports.bundle(),
  }[format]();
  return { status: 200, headers: headersOf(format, stream), body: stream.chunks };
}

function headersOf(format: keyof typeof TYPES, { commit }: ExportStream): Record<string, string> {
  return {
    'content-type': TYPES[format],
    'content-disposition': `attachment; filename="wiki.${format}"`,
    'cache-control': 'private, no-store',
    ...(commit === undefined ? {} : { 'kittiwake-revision': commit }),
  };
}

function formatOf(query: Query): keyof typeof TYPES {
  const format = query.get('format') || 'zip';
  if (format === 'zip' || format === 'ndjson' || format === 'bundle') return format;
  throw queryInvalid("Invalid query: 'format' must be zip, ndjson or bundle");
}

function commitOf(query: Query): string | undefined {
  const at = query.get('at') || undefined;
  if (at !== undefined && !COMMIT.test(at))
    throw queryInvalid("Invalid query: 'at' must be a whole revision, 40 hex digits");
  return at;
}

import type {
  CompleteResult,
  ListResourcesResult,
  ListResourceTemplatesResult,
  ReadResourceResult,
} from '@modelcontextprotocol/server';
import { sliceOf } from '../http/paging.ts';
import { pageOf } from './paging.ts';
import { ATTACHMENT_TEMPLATE, PAGE_TEMPLATE, pageUri, parseResource } from './resource-uri.ts';
import type { Session } from './session.ts';

/** Pages of one answer; more come with a cursor. */
const MAX_RESOURCES = 1000;
/** The protocol's own. */
const MAX_COMPLETIONS = 100;

const MARKDOWN = 'text/markdown';

/** The pages that the caller may read. */
export async function listResources({ services }: Session, cursor?: string): Promise<ListResourcesResult> {
  const { pages } = await (await services.wiki()).listPages();
  const { items, next_cursor: next } = sliceOf(pages, pageOf(undefined, cursor), {
    maxItems: MAX_RESOURCES,
    keyOf: page => page.path,
  });
  const resources = items.map(({ path, name, last_updated: updated }) => ({
    uri: pageUri(path),
    name: path,
    title: String(name),
    mimeType: MARKDOWN,
    ...(updated === null ? {} : { annotations: { lastModified: `${updated}T00:00:00Z` } }),
  }));
  return { resources, ...(next === undefined ? {} : { nextCursor: next }) };
}

export function listTemplates(): ListResourceTemplatesResult {
  return {
    resourceTemplates: [
      {
        name: 'page',
        title: 'Page',
        uriTemplate: PAGE_TEMPLATE,
        mimeType: MARKDOWN,
        description: 'A page; with ?revision=REVISION as it was then, with #Section that section of it.',
      },
      {
        name: 'attachment',
        title: 'Attachment',
        uriTemplate: ATTACHMENT_TEMPLATE,
        description: 'A file that is attached to a page, of up to 10 MiB.',
      },
    ],
  };
}

/** @throws KittiwakeError `path_invalid`, and those of reading pages and attachments */
export async function readResource({ services }: Session, uri: string): Promise<ReadResourceResult> {
  const resource = parseResource(uri);
  const wiki = await services.wiki();
  if (resource.kind === 'page') {
    const { path, kind: _, ...options } = resource;
    const { body } = await wiki.readPage(path, options);
    return { contents: [{ uri, mimeType: MARKDOWN, text: body.content }] };
  }
  const { body } = await wiki.readAttachment(resource.path, resource.filename);
  return { contents: [{ uri, mimeType: body.mime_type, blob: body.content }] };
}

/** Paths that begin with what has been written, whatever its case. */
export async function completePath({ services }: Session, written: string): Promise<CompleteResult> {
  const { pages } = await (await services.wiki()).listPages();
  const beginning = written.toLowerCase();
  const found = pages.map(({ path }) => path).filter(path => path.toLowerCase().startsWith(beginning));
  const values = found.slice(0, MAX_COMPLETIONS);
  return { completion: { values, total: found.length, hasMore: found.length > values.length } };
}

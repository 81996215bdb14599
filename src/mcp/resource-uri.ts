import { decodePath } from '../http/path.ts';
import { resourceInvalid } from './errors.ts';

/** What an address of a resource names. */
export type Resource =
  | { kind: 'page'; path: string; revision?: string; section?: string }
  | { kind: 'attachment'; path: string; filename: string };

export const PAGE_TEMPLATE = 'wiki://pages/{+path}';
export const ATTACHMENT_TEMPLATE = 'wiki://attachments/{+path}/{filename}';

export function pageUri(path: string): string {
  return `wiki://pages/${encoded(path)}`;
}

export function attachmentUri(path: string, filename: string): string {
  return `wiki://attachments/${encoded(path)}/${encodeURIComponent(filename)}`;
}

/**
 * Reads `wiki://pages/Docs/Intro`, also with `?revision=REVISION` and `#Section`, and `wiki://attachments/Docs/Intro/plan.png`, all
 * percent-encoded.
 * @throws KittiwakeError `path_invalid`
 */
export function parseResource(uri: string): Resource {
  const [, kind, path, query, fragment] =
    /^wiki:\/\/(pages|attachments)\/([^?#]+)(?:\?revision=([^#&]*))?(?:#(.*))?$/s.exec(uri) ?? [];
  if (path === undefined) throw resourceInvalid(uri);
  if (kind === 'pages') {
    return {
      kind: 'page',
      path: decodePath(path),
      ...(query ? { revision: decodePath(query) } : {}),
      ...(fragment ? { section: decodePath(fragment) } : {}),
    };
  }
  const slash = path.lastIndexOf('/');
  if (slash < 1 || query !== undefined || fragment !== undefined) throw resourceInvalid(uri);
  return {
    kind: 'attachment',
    path: decodePath(path.slice(0, slash)),
    filename: decodePath(path.slice(slash + 1)),
  };
}

function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

import type { Change } from '../../git/repository.ts';
import { quotaBytes, quotaPages } from '../errors.ts';
import { isPageFile } from '../name/page-path.ts';
import type { Ground } from './bound-repository.ts';

type Changes = readonly (Change & { action: 'create' | 'update' | 'delete' })[];

/**
 * Refuses changes that would make the wiki larger than it may be. Editing and removing stay possible at the limit of pages,
 * removing and moving at that of bytes. What is added counts as it is, before it is packed.
 * @throws KittiwakeError `quota_pages`, `quota_bytes`
 */
export async function checkQuota({ view, permits }: Ground, changes: Changes): Promise<void> {
  const { pages: maxPages = 0, bytes: maxBytes = 0 } = permits.limits ?? {};
  const [pages, bytes] = [maxPages > 0 ? addedPages(changes) : 0, maxBytes > 0 ? addedBytes(changes) : 0];
  if (pages <= 0 && bytes === 0) return;
  const used = await view.usage();
  if (pages > 0 && used.pages + pages > maxPages) throw quotaPages(maxPages, used.pages);
  if (bytes > 0 && used.bytes + bytes > maxBytes) throw quotaBytes(maxBytes, used.bytes);
}

/** Before any number of pages come in. @throws KittiwakeError `quota_pages` */
export async function checkRoomForPages({ view, permits }: Pick<Ground, 'view' | 'permits'>): Promise<void> {
  const maxPages = permits.limits?.pages ?? 0;
  if (maxPages <= 0) return;
  const used = await view.usage();
  if (used.pages >= maxPages) throw quotaPages(maxPages, used.pages);
}

/** Before a content comes in. @throws KittiwakeError `quota_bytes` */
export async function checkQuotaFor(
  { view, permits }: Pick<Ground, 'view' | 'permits'>,
  bytes: number,
): Promise<void> {
  const maxBytes = permits.limits?.bytes ?? 0;
  if (maxBytes <= 0) return;
  const used = await view.usage();
  if (used.bytes + bytes > maxBytes) throw quotaBytes(maxBytes, used.bytes);
}

function addedPages(changes: Changes): number {
  let added = 0;
  for (const { path, action } of changes) {
    if (isPageFile(path)) added += Number(action === 'create') - Number(action === 'delete');
  }
  return added;
}

function addedBytes(changes: Changes): number {
  let added = 0;
  for (const { to } of changes) {
    if (to === null) continue;
    if ('bytes' in to) added += to.bytes.length;
    else if ('streamed' in to) added += to.streamed.size;
  }
  return added;
}

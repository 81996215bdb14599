import type { IncomingChange } from '../../git/incoming/incoming.ts';
import { demandChange } from '../bound/demand.ts';
import { attachmentTooLarge } from '../errors.ts';
import { isPageFile } from '../name/page-path.ts';
import { pageTooLarge } from './errors.ts';
import type { LandingGround } from './landing-rules.ts';

/** Paths that are asked about at once: a refusal names some, and counts the rest among them. */
const BATCH = 1_000;
/** As much as an import takes of a page. */
const MAX_PAGE_BYTES = 10 << 20;

/**
 * Changes as they come, refused where the caller may not make one, or where a file is larger than the wiki takes.
 * @throws KittiwakeError `forbidden`, `page_too_large`, `attachment_too_large`
 */
export async function* checkedChanges(
  changes: AsyncIterable<IncomingChange>,
  { permits, settings }: Pick<LandingGround, 'permits' | 'settings'>,
): AsyncGenerator<IncomingChange> {
  let paths: string[] = [];
  for await (const change of changes) {
    const { path, after } = change;
    if (after !== null) checkSize(path, after.size, settings.maxUploadBytes);
    if (!permits.all) paths.push(path);
    if (paths.length === BATCH) {
      demandChange(permits, paths, settings);
      paths = [];
    }
    yield change;
  }
  demandChange(permits, paths, settings);
}

function checkSize(path: string, bytes: number, maxUploadBytes: number): void {
  if (isPageFile(path)) {
    if (bytes > MAX_PAGE_BYTES) throw pageTooLarge(path, bytes, MAX_PAGE_BYTES);
  } else if (bytes > maxUploadBytes) throw attachmentTooLarge(maxUploadBytes);
}

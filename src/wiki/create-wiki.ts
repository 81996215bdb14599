import type { Runtime } from '../core/runtime.ts';
import type { Repository } from '../git/repository.ts';
import { type Access, FULL_ACCESS } from './access.ts';
import { bindRepository } from './bound/bound-repository.ts';
import { CommitSights } from './bound/commit-sights.ts';
import { type WriteContext, write } from './change/write.ts';
import { listPages, PageTable } from './operation/list-pages.ts';
import { putPage } from './operation/put-page.ts';
import { readPage } from './operation/read-page.ts';
import { readAgain } from './read-again.ts';
import { DEFAULT_SETTINGS, type WikiSettings } from './settings.ts';
import type { WholeWiki, Wiki } from './wiki.ts';

export interface WikiOptions {
  /** Opened with `createDescribe(settings)`. */
  repository: Repository;
  /** Default: {@link DEFAULT_SETTINGS}. */
  settings?: WikiSettings;
  runtime: Runtime;
  /** Asked about each write before it is committed; made by the first. Absent: nobody is. */
  hooks?: WriteContext['hooks'];
}

/** The wiki on a repository, with full access. What most requests do not need is loaded by the first that does. */
export function createWiki({
  repository,
  settings = DEFAULT_SETTINGS,
  runtime,
  hooks,
}: WikiOptions): WholeWiki {
  const [table, sights] = [new PageTable(settings), new CommitSights()];
  const bound = (access: Access) =>
    callsOf({ repository: bindRepository(repository, access, sights), settings, runtime, hooks }, table);
  return { ...bound(FULL_ACCESS), as: bound };
}

/** @param table shared by all callers: what it keeps is by page, and which pages there are it is told */
function callsOf(context: WriteContext, table: PageTable): Wiki {
  const { repository, settings } = context;
  const again = <R>(read: () => Promise<R>) => readAgain(repository, read);
  return {
    settings,
    readPage: (path, options) => again(() => readPage(repository, settings, path, options)),
    listPages: filter => again(() => listPages(repository, settings, table, filter)),
    putPage: (input, options) => write(context, work => putPage(work, input), options),
    async patchPage(input, options) {
      const { patchPage } = await import('./operation/patch-page.ts');
      return write(context, work => patchPage(work, input), options);
    },
    async deletePage(input, options) {
      const { deletePage } = await import('./operation/delete-page.ts');
      return write(context, work => deletePage(work, input), options);
    },
    async renamePage(input, options) {
      const { renamePage } = await import('./operation/rename-page.ts');
      return write(context, work => renamePage(work, input), options);
    },
    async restorePage(input, options) {
      const { restorePage } = await import('./operation/restore-page.ts');
      return write(context, work => restorePage(work, input), options);
    },
    async batch(changes, options) {
      const { batch } = await import('./operation/batch.ts');
      return write(context, work => batch(work, changes), options);
    },
    async revert(revision, options) {
      const { revertCommit } = await import('./operation/revert.ts');
      return write(context, work => revertCommit(work, revision), options);
    },
    ...attachmentCalls(context),
    ...largeAttachmentCalls(context),
    async pageHistory(path, range) {
      const { pageHistory } = await import('./operation/page-history.ts');
      return again(() => pageHistory(repository, settings, path, range));
    },
    async changelog(range) {
      const { changelog } = await import('./operation/changelog.ts');
      return again(() => changelog(repository, settings, range));
    },
    async pageLinks(path) {
      const { pageLinks } = await import('./operation/links.ts');
      return again(() => pageLinks(repository, settings, path));
    },
    async linkGraph() {
      const { linkGraph } = await import('./operation/links.ts');
      return again(() => linkGraph(repository, settings, table));
    },
  };
}

function attachmentCalls(
  context: WriteContext,
): Pick<Wiki, 'listAttachments' | 'readAttachment' | 'putAttachment' | 'deleteAttachment'> {
  const { repository, settings } = context;
  return {
    async listAttachments(path) {
      const { listAttachments } = await import('./operation/attachments.ts');
      return readAgain(repository, () => listAttachments(repository, settings, path));
    },
    async readAttachment(path, filename) {
      const { readAttachment } = await import('./operation/attachments.ts');
      return readAgain(repository, () => readAttachment(repository, settings, path, filename));
    },
    async putAttachment(input, options) {
      const { putAttachment } = await import('./operation/attachments.ts');
      return write(context, work => putAttachment(work, input), options);
    },
    async deleteAttachment(input, options) {
      const { deleteAttachment } = await import('./operation/attachments.ts');
      return write(context, work => deleteAttachment(work, input), options);
    },
  };
}

function largeAttachmentCalls(
  context: WriteContext,
): Pick<Wiki, 'prepareUpload' | 'commitUpload' | 'attachStream' | 'openAttachment' | 'presignAttachment'> {
  const { repository, settings } = context;
  return {
    async prepareUpload(input) {
      const { prepareUpload } = await import('./operation/attachments-upload.ts');
      return readAgain(repository, () => prepareUpload(context, input));
    },
    async commitUpload(input, options) {
      const { commitUpload } = await import('./operation/attachments-upload.ts');
      return commitUpload(context, input, options);
    },
    async attachStream(input, options) {
      const { attachStream } = await import('./operation/attachments-upload.ts');
      return attachStream(context, input, options);
    },
    async openAttachment(path, filename) {
      const { openAttachment } = await import('./operation/attachments-download.ts');
      return readAgain(repository, () => openAttachment(repository, settings, path, filename));
    },
    async presignAttachment(path, filename, options) {
      const { presignAttachment } = await import('./operation/attachments-download.ts');
      return readAgain(repository, () => presignAttachment(context, path, filename, options));
    },
  };
}

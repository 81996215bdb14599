import { decodeBase64 } from '../base64.ts';
import type {
  AttachmentBody,
  AttachmentListBody,
  DeleteAttachmentBody,
  PutAttachmentBody,
} from '../bodies.ts';
import type { Views } from '../bound/bound-repository.ts';
import type { Outcome } from '../change/outcome.ts';
import { checkAbsentLock, checkLock } from '../change/revision.ts';
import { type WorkFile, Workspace } from '../change/workspace.ts';
import {
  attachmentNotFound,
  attachmentNotInline,
  attachmentTooLarge,
  filenameInvalid,
  filenameIsPage,
} from '../errors.ts';
import { etagOf } from '../etag.ts';
import { isoDate } from '../history/commit-text.ts';
import { mimeType, secureFilename } from '../name/attachment-name.ts';
import { checkFilePath, displayPath, isPageFile, pageFile, pageStem } from '../name/page-path.ts';
import { unsafeName } from '../name/unsafe-name.ts';
import type { WikiSettings } from '../settings.ts';
import type { AttachTarget, DeleteAttachment, PutAttachment, Read } from '../wiki.ts';

/** The files of a page's folder that are no pages, by name (API contract 11). */
export async function listAttachments(
  repository: Views,
  settings: WikiSettings,
  request: string,
): Promise<AttachmentListBody> {
  const workspace = new Workspace(await repository.view(), settings);
  const page = await workspace.page(request);
  const folder = pageStem(page.path);
  const attachments: AttachmentListBody['attachments'] = [];
  for (const { name } of await workspace.view.folder(folder)) {
    const file = isPageFile(name) ? undefined : await workspace.file(`${folder}/${name}`);
    if (file === undefined) continue;
    attachments.push({
      filename: name,
      last_modified: file.info === undefined ? null : isoDate(file.info),
      mime_type: mimeType(name),
      size: file.size,
    });
  }
  return { attachments, path: displayPath(page.path, settings), total: attachments.length };
}

export async function readAttachment(
  repository: Views,
  settings: WikiSettings,
  request: string,
  filename: string,
): Promise<Read<AttachmentBody>> {
  const workspace = new Workspace(await repository.view(), settings);
  const { file, name } = await findAttachment(workspace, request, filename);
  if (file.size > settings.maxAttachmentBytes)
    throw attachmentNotInline(name, file.size, settings.maxAttachmentBytes);
  const rest = { filename: name, mime_type: mimeType(name), size: file.size };
  const bytes = await workspace.read(file);
  return {
    body: { content: bytes.toString('base64'), ...rest },
    blob: file.oid,
    etag: etagOf(file.oid, rest),
  };
}

/** Adds an attachment or replaces the one of that name. */
export async function putAttachment(
  workspace: Workspace,
  input: PutAttachment,
): Promise<Outcome<PutAttachmentBody>> {
  const bytes = contentOf(input.content, workspace.settings.maxAttachmentBytes);
  return attach(workspace, input, path => workspace.write(path, bytes));
}

/**
 * Checks where an attachment is to go, and lets `write` write it there.
 * @throws KittiwakeError `filename_invalid`, `filename_is_page`, `page_not_found`, `path_invalid`, those of a lock and of
 *   {@link Workspace.write}
 */
export async function attach(
  workspace: Workspace,
  input: AttachTarget,
  write: (path: string) => Promise<unknown>,
): Promise<Outcome<PutAttachmentBody>> {
  const { settings, view } = workspace;
  const name = secureFilename(input.filename);
  if (name === '') throw filenameInvalid();
  if (/\.md$/i.test(name)) throw filenameIsPage(name);
  workspace.demand([`${pageStem(pageFile(input.path, settings))}/${name}`]);
  const page = await workspace.page(input.path);
  const path = `${pageStem(page.path)}/${name}`;
  checkFilePath(path, path);
  workspace.demand([path]);
  const before = await workspace.file(path);
  if (before === undefined) checkAbsentLock(input);
  else if (before.info !== undefined) await checkLock(view, before.info, input, false);
  await write(path);
  const { oid, size } = (await workspace.file(path)) ?? { oid: undefined, size: 0 };
  return {
    summary: `Attach: ${name}`,
    subject: displayPath(page.path, settings),
    ...(oid === undefined ? {} : { blob: oid }),
    body: () => ({
      filename: name,
      mime_type: mimeType(name),
      path: displayPath(page.path, settings),
      size,
    }),
  };
}

export async function deleteAttachment(
  workspace: Workspace,
  input: DeleteAttachment,
): Promise<Outcome<DeleteAttachmentBody>> {
  const { settings } = workspace;
  const folder = pageStem(pageFile(input.path, settings));
  workspace.demand([`${folder}/${secureFilename(input.filename)}`]);
  const { file, name } = await findAttachment(workspace, input.path, input.filename);
  workspace.demand([file.path]);
  if (file.info !== undefined) await checkLock(workspace.view, file.info, input, false);
  workspace.remove(file.path);
  return {
    summary: `Delete attachment: ${name}`,
    subject: displayPath(pageFile(input.path, settings), settings),
    body: () => ({ deleted: true, filename: name }),
  };
}

/** @throws KittiwakeError `base64_invalid`, `attachment_too_large` */
function contentOf(content: string | Uint8Array, maxBytes: number): Buffer {
  const bytes =
    typeof content === 'string'
      ? decodeBase64(content)
      : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (bytes.length > maxBytes) throw attachmentTooLarge(maxBytes);
  return bytes;
}

/** An attachment by its own name, which imported ones may have, or by what an upload would make of that name. */
export async function findAttachment(
  workspace: Workspace,
  request: string,
  filename: string,
): Promise<{ file: WorkFile; name: string }> {
  const folder = pageStem((await workspace.page(request)).path);
  for (const name of new Set([filename, secureFilename(filename)])) {
    if (name.includes('/') || unsafeName(name) !== undefined || isPageFile(name)) continue;
    const file = await workspace.file(`${folder}/${name}`);
    if (file !== undefined) return { file, name };
  }
  throw attachmentNotFound(filename);
}

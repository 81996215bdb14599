import type { PresignedBody } from '../bodies.ts';
import type { Views } from '../bound/bound-repository.ts';
import { WorkTime } from '../change/work-time.ts';
import { Workspace } from '../change/workspace.ts';
import type { WriteContext } from '../change/write.ts';
import { presignUnsupported } from '../errors.ts';
import { etagOf } from '../etag.ts';
import { mimeType } from '../name/attachment-name.ts';
import type { WikiSettings } from '../settings.ts';
import type { OpenAttachment, WriteOptions } from '../wiki.ts';
import { findAttachment } from './attachments.ts';

/** Opens an attachment for a download; its bytes are read as they are taken. */
export async function openAttachment(
  repository: Views,
  settings: WikiSettings,
  request: string,
  filename: string,
): Promise<OpenAttachment> {
  const workspace = new Workspace(await repository.view(), settings);
  const { file, name } = await findAttachment(workspace, request, filename);
  const { size, chunks } = await workspace.view.openBlob(file.oid);
  const head = { contentType: downloadType(name), disposition: dispositionOf(name) };
  return { size, ...head, etag: etagOf(file.oid, { raw: true, ...head }), chunks };
}

/** A URL by which the store itself answers with an attachment, for an hour. */
export async function presignAttachment(
  { repository, settings, runtime }: WriteContext,
  request: string,
  filename: string,
  { deadlineMs }: Pick<WriteOptions, 'deadlineMs'> = {},
): Promise<PresignedBody> {
  const workspace = new Workspace(await repository.view(), settings);
  const { file, name } = await findAttachment(workspace, request, filename);
  const large = await repository.largeFiles();
  const open = () => workspace.view.openBlob(file.oid);
  const head = { contentType: downloadType(name), disposition: dispositionOf(name) };
  const time = new WorkTime(runtime, deadlineMs);
  const presigned = await large.presignDownload(file.oid, open, head, () => time.step());
  if (!presigned) throw presignUnsupported('read it with ?download=raw');
  return { url: presigned.url, expires_at: new Date(presigned.expiresAtMs).toISOString() };
}

/** Types that nothing is run by, whoever serves them. Others are bytes. */
const INERT =
  /^(?:image\/(?:png|jpeg|gif|webp|avif|bmp|tiff)|(?:audio|video|font)\/[\w.+-]+|text\/(?:plain|csv)|application\/(?:pdf|zip|gzip|json))$/;

function downloadType(name: string): string {
  const type = mimeType(name);
  return INERT.test(type) ? type : 'application/octet-stream';
}

/** RFC 6266: saved, never shown; the plain name for old clients has no character that would need quoting. */
function dispositionOf(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9 _.()+,;=@-]/g, '_');
  if (plain === name) return `attachment; filename="${name}"`;
  const encoded = encodeURIComponent(name).replace(/['()*]/g, escaped);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

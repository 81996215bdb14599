import type { CallOptions } from '../byte-store.ts';
import { failure, refusal } from './answers.ts';
import { notS3, s3Denied, s3Failed } from './errors.ts';
import type { ListTarget } from './listing.ts';
import { elements, escapeXml, textOf } from './xml.ts';

const MAX_KEYS_PER_CALL = 1000;

/** An object, or one version of it. */
export interface Deletable {
  key: string;
  versionId?: string;
}

/** Removes objects or versions of them, 1,000 with a call. */
export async function deleteObjects(
  target: ListTarget,
  objects: readonly Deletable[],
  options: CallOptions,
): Promise<void> {
  for (let start = 0; start < objects.length; start += MAX_KEYS_PER_CALL) {
    await deleteSome(target, objects.slice(start, start + MAX_KEYS_PER_CALL), options);
  }
}

/** DeleteObjects. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
async function deleteSome(
  { client, place, root }: ListTarget,
  deletables: readonly Deletable[],
  { signal }: CallOptions,
): Promise<void> {
  const key = deletables[0]?.key ?? '';
  const doing = { action: 'Deleting', key };
  const objects = deletables.map(each => elementOf(each, root)).join('');
  const body = Buffer.from(`<Delete><Quiet>true</Quiet>${objects}</Delete>`);
  const request = {
    operation: 'delete',
    key,
    method: 'POST',
    query: [['delete', '']],
    // The service demands a checksum, and this is the one that every server knows.
    headers: { 'content-md5': md5(body), 'content-type': 'application/xml' },
    body: [body],
    repeatable: true,
    signal,
  } as const;
  const answer = await client.call(request).catch((error: unknown) => {
    throw failure(doing, place, error, signal);
  });
  if (answer.status !== 200) throw refusal(doing, place, answer);
  const xml = answer.bytes.toString();
  if (!/<(DeleteResult|Error)\b/.test(xml))
    throw notS3(doing, place, 'answers a deletion with something else');
  for (const error of elements(xml, 'Error')) {
    const code = textOf(error, 'Code') ?? 'unknown';
    if (code === 'NoSuchKey' || code === 'NoSuchVersion') continue;
    const failed = { ...doing, key: textOf(error, 'Key')?.slice(root.length) ?? key };
    if (code === 'AccessDenied')
      throw s3Denied(failed, place, code, `the permission ${permissionFor(deletables)} is missing`);
    throw s3Failed(failed, place, `${place.endpoint} answered ${code}: ${textOf(error, 'Message') ?? ''}`);
  }
}

function elementOf({ key, versionId }: Deletable, root: string): string {
  const version = versionId === undefined ? '' : `<VersionId>${escapeXml(versionId)}</VersionId>`;
  return `<Object><Key>${escapeXml(root + key)}</Key>${version}</Object>`;
}

function permissionFor([first]: readonly Deletable[]): string {
  return first?.versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
}

function md5(bytes: Buffer): string {
  return process.getBuiltinModule('node:crypto').createHash('md5').update(bytes).digest('base64');
}

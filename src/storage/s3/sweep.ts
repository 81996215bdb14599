import { failure, refusal } from './answers.ts';
import { notS3 } from './errors.ts';
import type { ListTarget } from './listing.ts';
import { elements, textOf } from './xml.ts';

const DOING = { action: 'Sweeping uploads', key: '' };

interface Begun {
  object: string;
  id: string;
  startedMs: number;
}

/**
 * Aborts the uploads below the prefix that were begun before `limitMs` and never finished: their parts cost money and are
 * in no listing. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
 * @returns how many
 */
export async function sweepUploads(target: ListTarget, limitMs: number): Promise<number> {
  let aborted = 0;
  let markers: [string, string][] = [];
  for (;;) {
    const { begun, next } = await readPage(target, markers);
    for (const upload of begun) {
      // Of an unknown age is what cannot be read as a time.
      if (Number.isNaN(upload.startedMs) || upload.startedMs > limitMs) continue;
      await abort(target, upload);
      aborted += 1;
    }
    if (next === undefined) return aborted;
    markers = next;
  }
}

async function readPage(
  { client, place, root }: ListTarget,
  markers: readonly [string, string][],
): Promise<{ begun: Begun[]; next: [string, string][] | undefined }> {
  const query: [string, string][] = [['uploads', ''], ['prefix', root], ...markers];
  const request = { operation: 'uploads', key: '', method: 'GET', query, repeatable: true } as const;
  const answer = await client.call(request).catch((error: unknown) => {
    throw failure(DOING, place, error);
  });
  if (answer.status !== 200) throw refusal(DOING, place, answer);
  const xml = answer.bytes.toString();
  if (!xml.includes('<ListMultipartUploadsResult'))
    throw notS3(DOING, place, 'answers a listing of uploads with something else');
  const begun = elements(xml, 'Upload').map(upload => ({
    object: textOf(upload, 'Key') ?? '',
    id: textOf(upload, 'UploadId') ?? '',
    startedMs: Date.parse(textOf(upload, 'Initiated') ?? ''),
  }));
  const isMore = textOf(xml, 'IsTruncated') === 'true' && begun.length > 0;
  const next: [string, string][] = [
    ['key-marker', textOf(xml, 'NextKeyMarker') ?? ''],
    ['upload-id-marker', textOf(xml, 'NextUploadIdMarker') ?? ''],
  ];
  return { begun, next: isMore ? next : undefined };
}

async function abort({ client, place }: ListTarget, { object, id }: Begun): Promise<void> {
  const query = [['uploadId', id]] as const;
  const request = {
    operation: 'upload-abort',
    key: '',
    method: 'DELETE',
    object,
    query,
    repeatable: true,
  } as const;
  const answer = await client.call(request).catch((error: unknown) => {
    throw failure(DOING, place, error);
  });
  // 404: somebody else was faster.
  if (answer.status >= 300 && answer.status !== 404) throw refusal(DOING, place, answer);
}

import { describe, expect, it } from 'vitest';
import { randomId, systemRuntime } from '../../../src/core/runtime.ts';
import { type Jobs, openJobs } from '../../../src/import/job/jobs.ts';
import { openUploads, type StoredSource } from '../../../src/import/job/uploads.ts';
import { openStoredFile } from '../../../src/import/source/bytes/stored-file.ts';
import type { ByteStore } from '../../../src/storage/byte-store.ts';
import { createMemoryByteStore } from '../../../src/storage/memory.ts';
import { outcomeUnknown } from '../../../src/swap/errors.ts';
import { servedStore } from '../../storage/s3-support.ts';
import { someJob } from './some-job.ts';

const uuid = randomId(systemRuntime);
const MiB = 1024 * 1024;

/** A job that awaits so many bytes. */
async function awaiting(
  bytes: number,
  { store = createMemoryByteStore() as ByteStore, chunkBytes = 8 } = {},
) {
  const jobs = openJobs({ store, uuid, runtime: systemRuntime });
  const uploads = openUploads({ store, uuid, runtime: systemRuntime, jobs, chunkBytes });
  const { job } = await jobs.create(id => {
    const key = `job-files/${uuid}/${id}/source`;
    return someJob('user:1', { source: { kind: 'stored', key, name: 'pages.csv', bytes } });
  });
  const { id } = job;
  const send = (offset: number, ...texts: (string | Error)[]) =>
    uploads.receive(id, { offset, bytes: undefined, chunks: chunksOf(texts) });
  return { store, jobs, uploads, id, send, files: () => filesOf(store, id) };
}

async function* chunksOf(texts: readonly (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) {
    if (text instanceof Error) throw text;
    yield Buffer.from(text);
  }
}

async function filesOf(store: ByteStore, id: string): Promise<string[]> {
  const { objects } = await store.list(`job-files/${uuid}/${id}/`);
  return objects.map(({ key }) => key);
}

async function textOf({ store, jobs, id }: Awaited<ReturnType<typeof awaiting>>): Promise<string> {
  const { source } = await jobs.read(id);
  if (source.kind !== 'stored') throw new Error('it was not uploaded');
  const keys = source.segments?.map(({ key }) => key) ?? [source.key];
  const file = await openStoredFile({ store, keys, name: source.name });
  return (await file.read(0, file.size)).toString();
}

const TEXT = 'the text of twenty-nine bytes';

describe('an upload', () => {
  it('of one stream is read as it was sent, and queues the job', async () => {
    const upload = await awaiting(TEXT.length);
    expect(await upload.send(0, TEXT.slice(0, 11), '', TEXT.slice(11))).toMatchObject({ state: 'queued' });
    expect(await textOf(upload)).toBe(TEXT);
    expect(await upload.files()).toHaveLength(4);
  });

  it('goes on where it broke off, to the byte', async () => {
    const upload = await awaiting(TEXT.length);
    const broken = upload.send(0, TEXT.slice(0, 13), new Error('the connection broke'));
    await expect(broken).rejects.toThrow('the connection broke');
    expect(await upload.jobs.read(upload.id)).toMatchObject({ state: 'awaiting_upload' });
    await expect(upload.send(0, TEXT)).rejects.toMatchObject({
      code: 'upload_misplaced',
      data: { received: 13 },
    });
    await upload.send(13, TEXT.slice(13, 20));
    expect(await upload.send(20, TEXT.slice(20))).toMatchObject({ state: 'queued' });
    expect(await textOf(upload)).toBe(TEXT);
  });

  it('keeps a piece of which it is not known whether the job has it', async () => {
    const upload = await awaiting(TEXT.length, { chunkBytes: 100 });
    const { store, jobs, id } = upload;
    const forgetful: Pick<Jobs, 'read' | 'change'> = {
      read: jobs.read,
      async change(changed, change) {
        await jobs.change(changed, change);
        throw outcomeUnknown(`jobs/${uuid}/${id}`);
      },
    };
    const uploads = openUploads({ store, uuid, runtime: systemRuntime, jobs: forgetful, chunkBytes: 100 });
    const sent = uploads.receive(id, { offset: 0, bytes: undefined, chunks: chunksOf([TEXT]) });
    await expect(sent).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(await jobs.read(id)).toMatchObject({ state: 'queued' });
    expect(await textOf(upload)).toBe(TEXT);
  });

  it('that two send at once is that of one of them, and nothing is left of the other', async () => {
    const upload = await awaiting(TEXT.length, { chunkBytes: 100 });
    const tries = await Promise.allSettled([
      upload.send(0, TEXT),
      upload.send(0, TEXT),
      upload.send(0, TEXT),
    ]);
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await textOf(upload)).toBe(TEXT);
    expect(await upload.files()).toHaveLength(1);
  });

  it('that announces too much is refused before a byte of it is read', async () => {
    const upload = await awaiting(10);
    const chunks = chunksOf([new Error('it was read')]);
    const refused = upload.uploads.receive(upload.id, { offset: 0, bytes: 11, chunks });
    await expect(refused).rejects.toMatchObject({ code: 'import_too_large' });
    expect(await upload.send(0, '0123456789')).toMatchObject({ state: 'queued' });
  });

  it('of very many small pieces is refused, which all would stand in the job', async () => {
    const upload = await awaiting(10_000, { chunkBytes: 100 });
    await upload.send(0, '0123456789');
    await upload.jobs.change(upload.id, job => {
      const { segments = [], ...source } = job.source as StoredSource;
      const many = Array.from({ length: 5_000 }, () => ({ key: segments[0]?.key ?? '', bytes: 1 }));
      return { body: { ...job, source: { ...source, segments: many } }, result: null };
    });
    await expect(upload.send(5_000, 'x')).rejects.toMatchObject({ code: 'upload_misplaced' });
    expect(await upload.files()).toHaveLength(1);
  });

  it('that brings more than announced ends the job, and leaves nothing', async () => {
    const upload = await awaiting(10, { chunkBytes: 4 });
    await expect(upload.send(0, '01234', '56789', 'x')).rejects.toMatchObject({ code: 'import_too_large' });
    expect(await upload.jobs.read(upload.id)).toMatchObject({
      state: 'failed',
      error: { code: 'import_too_large' },
    });
    expect(await upload.files()).toEqual([]);
    await expect(upload.send(0, 'x')).rejects.toMatchObject({ code: 'import_not_awaiting' });
  });

  it('for a job that was cancelled meanwhile leaves nothing', async () => {
    const upload = await awaiting(10, { chunkBytes: 100 });
    const chunks = (async function* () {
      yield Buffer.from('01234');
      await upload.jobs.cancel(upload.id);
      yield Buffer.from('56789');
    })();
    const sent = upload.uploads.receive(upload.id, { offset: 0, bytes: undefined, chunks });
    await expect(sent).rejects.toMatchObject({ code: 'import_not_awaiting' });
    expect(await upload.files()).toEqual([]);
  });
});

describe('an upload in presigned parts', () => {
  async function begun() {
    const { store } = await servedStore();
    const upload = await awaiting(12 * MiB, { store, chunkBytes: 5 * MiB });
    const targets = (await upload.uploads.targets(upload.id)) ?? [];
    const put = async (number: number, fill = 'a') => {
      const target = targets[number - 1];
      if (target === undefined) throw new Error(`there is no part ${number}`);
      const body = new Uint8Array(Buffer.alloc(target.bytes, fill));
      const { status, headers } = await fetch(target.url, { method: 'PUT', headers: target.headers, body });
      expect(status).toBe(200);
      return headers.get('etag') ?? '';
    };
    return { ...upload, upload, targets, put };
  }

  it('queues the job once all of them are there, also when that is said twice', async () => {
    const { uploads, id, targets, put, upload, files } = await begun();
    expect(targets.map(({ bytes }) => bytes)).toEqual([5 * MiB, 5 * MiB, 2 * MiB]);
    for (const number of [3, 1]) await put(number);
    await expect(uploads.complete(id)).rejects.toThrow('part 2 of 3 is not there');
    const etag = await put(2, 'b');
    const wrong = uploads.complete(id, new Map([[2, '"other"']]));
    await expect(wrong).rejects.toMatchObject({ code: 'upload_incomplete' });
    expect(await uploads.complete(id, new Map([[2, etag]]))).toMatchObject({ state: 'queued' });
    expect(await uploads.complete(id)).toMatchObject({ state: 'queued' });
    const text = await textOf(upload);
    expect([text.length, text[5 * MiB], text.at(-1)]).toEqual([12 * MiB, 'b', 'a']);
    expect(await files()).toHaveLength(1);
  });

  it('is the same however often its URLs are asked for, also at once', async () => {
    const { store, uploads, id } = await begun();
    const asked = await Promise.all([1, 2, 3].map(() => uploads.targets(id)));
    const ids = asked.flatMap(targets =>
      targets?.map(({ url }) => new URL(url).searchParams.get('uploadId')),
    );
    expect(new Set(ids).size).toBe(1);
    expect(await store.sweepUploads?.(-60_000)).toBe(1);
  });

  it('is aborted with its job', async () => {
    const { store, jobs, uploads, id, put } = await begun();
    await put(1);
    await uploads.discard(await jobs.cancel(id));
    expect(await store.sweepUploads?.(-60_000)).toBe(0);
    await expect(uploads.complete(id)).rejects.toMatchObject({ code: 'import_not_awaiting' });
  });

  it('that is asked for at once begins once', async () => {
    const { store } = await servedStore();
    const { uploads, id } = await awaiting(6 * MiB, { store, chunkBytes: 5 * MiB });
    await Promise.all([1, 2, 3].map(() => uploads.targets(id)));
    expect(await store.sweepUploads?.(-60_000)).toBe(1);
  });
});

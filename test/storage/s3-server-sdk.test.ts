import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { S3ServerOptions } from '../support/s3-server/server.ts';
import { s3ServerForTest } from '../support/s3-server.ts';

const Bucket = 'wikis';
const oddKeys = ["a b/c+d(1)'!*.md", 'a&b<c>"d"', 'ünï/çødé/日本', 'a//b', 'a/%41'];

/** A server, and AWS's own client of it. */
async function sdk(options: S3ServerOptions = {}) {
  const server = await s3ServerForTest(options);
  const { endpoint, region, credentials } = server;
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  const read = async (Key: string, more: object = {}) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const write = (Key: string, Body: string | Buffer, more: object = {}) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  return { server, client, read, write };
}

type Client = Awaited<ReturnType<typeof sdk>>['client'];

/** Uploads these parts and completes. */
async function multipart(client: Client, Key: string, bodies: Buffer[], condition: object = {}) {
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'text/x' }),
  );
  const Parts = [];
  for (const [index, Body] of bodies.entries()) {
    const PartNumber = index + 1;
    const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    Parts.push({ PartNumber, ETag });
  }
  const MultipartUpload = { Parts };
  return client.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload, ...condition }),
  );
}

describe("AWS's own client", () => {
  test('writes and reads back keys and metadata of any kind', async () => {
    const { client, read, write } = await sdk();
    for (const key of oddKeys)
      await write(key, key, { Metadata: { page: 'x' }, ContentType: 'text/markdown' });
    for (const key of oddKeys) expect((await read(key, { ChecksumMode: 'ENABLED' })).toString()).toBe(key);
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: oddKeys[0] }));
    expect(head).toMatchObject({ ContentLength: 16, ContentType: 'text/markdown', Metadata: { page: 'x' } });
  });

  test('sends a stream in chunks with a checksum at the end', async () => {
    const { server, client, read } = await sdk();
    const body = Buffer.alloc(300_000, 'stream');
    const Body = Readable.from([body.subarray(0, 100_000), body.subarray(100_000)]);
    await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body, ContentLength: body.length }));
    const [{ headers } = { headers: {} }] = server.requests.of('PutObject');
    expect(headers).toMatchObject({ 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' });
    expect((await read('a')).equals(body)).toBe(true);
  });

  test('hears of a checksum that does not fit', async () => {
    const { write } = await sdk();
    await expect(write('a', 'text', { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({
      name: 'BadDigest',
    });
  });

  test('understands the errors', async () => {
    const { server, client, read, write } = await sdk();
    const status = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });
    await expect(read('none')).rejects.toMatchObject({ name: 'NoSuchKey', ...status(404) });
    const nobody = client.send(new GetObjectCommand({ Bucket: 'nobody', Key: 'a' }));
    await expect(nobody).rejects.toMatchObject({ name: 'NoSuchBucket', ...status(404) });
    await write('a', 'one');
    const again = write('a', 'two', { IfNoneMatch: '*' });
    await expect(again).rejects.toMatchObject({ name: 'PreconditionFailed', ...status(412) });
    server.switches.permissions = () => false;
    await expect(write('a', 'two')).rejects.toMatchObject({ name: 'AccessDenied', ...status(403) });
  });

  test('creates buckets and asks for them', async () => {
    const { client } = await sdk();
    await expect(client.send(new HeadBucketCommand({ Bucket: 'more' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    await client.send(new CreateBucketCommand({ Bucket: 'more' }));
    await client.send(new HeadBucketCommand({ Bucket: 'more' }));
    const again = client.send(new CreateBucketCommand({ Bucket: 'more' }));
    await expect(again).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
  });

  test('copies an object, under conditions', async () => {
    const { client, read, write } = await sdk();
    const { ETag } = await write('a b', 'one', { ContentType: 'text/x' });
    const copy = (more: object = {}) =>
      client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: 'wikis/a%20b', ...more }));
    expect((await copy()).CopyObjectResult?.ETag).toBe(ETag);
    expect((await read('copy')).toString()).toBe('one');
    await expect(copy({ IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(copy({ CopySourceIfMatch: '"0"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });
});

describe('lists', () => {
  test.each([
    ['aws', undefined],
    ['aws', 'url'],
    ['ceph16', 'url'],
  ] as const)('are complete over several pages (%s, encoding %s)', async (profile, EncodingType) => {
    const { client, write } = await sdk({ profile });
    const keys = [...oddKeys, ...Array.from({ length: 25 }, (_, n) => `p/${n}`)].sort();
    for (const key of keys) await write(key, 'x');
    const found: string[] = [];
    const pages = paginateListObjectsV2(
      { client, pageSize: 7 },
      { Bucket, ...(EncodingType && { EncodingType }) },
    );
    for await (const { Contents = [] } of pages) found.push(...Contents.map(({ Key = '' }) => Key));
    const decode = (key: string) => decodeURIComponent(key.replaceAll('+', ' '));
    expect(EncodingType === 'url' ? found.map(decode) : found).toEqual(keys);
  });

  test('begin with a prefix and after a key', async () => {
    const { client, write } = await sdk();
    for (const key of ['a', 'p/1', 'p/2', 'p/3', 'q']) await write(key, 'x');
    const list = async (more: object) => {
      const found: unknown[] = [];
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, ...more })) {
        found.push(...Contents.map(({ Key }) => Key));
      }
      return found;
    };
    expect(await list({ Prefix: 'p/' })).toEqual(['p/1', 'p/2', 'p/3']);
    expect(await list({ Prefix: 'p/', StartAfter: 'p/1' })).toEqual(['p/2', 'p/3']);
    expect(await list({ StartAfter: 'p/2' })).toEqual(['p/3', 'q']);
    expect(await list({ Prefix: 'z' })).toEqual([]);
  });
});

describe('deleting', () => {
  test('many at once skips what is absent and tells what it may not do', async () => {
    const { server, client, read, write } = await sdk();
    for (const key of oddKeys) await write(key, 'x');
    server.switches.permissions = ({ action, key }) => action !== 's3:DeleteObject' || key !== 'a//b';
    const Objects = [...oddKeys, 'none'].map(Key => ({ Key }));
    const { Deleted = [], Errors } = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects } }),
    );
    expect(Deleted.map(({ Key }) => Key)).toEqual([...oddKeys, 'none'].filter(key => key !== 'a//b'));
    expect(Errors).toMatchObject([{ Key: 'a//b', Code: 'AccessDenied' }]);
    expect((await read('a//b')).toString()).toBe('x');
  });

  test('keeps earlier versions where versioning is enabled', async () => {
    const { client, read, write } = await sdk();
    await write('a', 'before');
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    const { VersionId = '' } = await write('a', 'one');
    await write('a', 'two');
    const gone = await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    expect(gone).toMatchObject({ DeleteMarker: true });
    await expect(read('a')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect((await read('a', { VersionId })).toString()).toBe('one');
    expect((await read('a', { VersionId: 'null' })).toString()).toBe('before');
    const { Versions, DeleteMarkers } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions).toMatchObject([{ Size: 3 }, { Size: 3, VersionId }, { Size: 6, VersionId: 'null' }]);
    expect(DeleteMarkers).toMatchObject([{ Key: 'a', IsLatest: true, VersionId: gone.VersionId }]);
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: gone.VersionId }));
    expect((await read('a')).toString()).toBe('two');
  });

  test('lists versions page by page', async () => {
    const { client, write } = await sdk();
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    const written: unknown[] = [];
    for (const key of ['a', 'b', 'b', 'b', 'c']) written.push((await write(key, 'x')).VersionId);
    const found: unknown[] = [];
    let markers = {};
    for (let page = 0; page < 3; page += 1) {
      const { Versions = [], ...rest } = await client.send(
        new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, ...markers }),
      );
      found.push(...Versions.map(version => version.VersionId));
      expect(rest.IsTruncated).toBe(page < 2);
      markers = { KeyMarker: rest.NextKeyMarker, VersionIdMarker: rest.NextVersionIdMarker };
    }
    const [a, b1, b2, b3, c] = written;
    expect(found).toEqual([a, b3, b2, b1, c]);
  });
});

describe('multipart uploads', () => {
  const bodies = [Buffer.alloc(5 * 1024 * 1024, 'a'), Buffer.alloc(5 * 1024 * 1024, 'b'), Buffer.from('end')];

  test('become one object, whose ETag tells the number of parts; Ceph 16 does not tell it', async () => {
    for (const profile of ['aws', 'ceph16'] as const) {
      const { client, read } = await sdk({ profile });
      const { ETag } = await multipart(client, 'big', bodies);
      const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'big' }));
      expect(head).toMatchObject({ ContentLength: 10_485_763, ContentType: 'text/x' });
      expect(head.ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
      expect(ETag ?? '').toBe(profile === 'aws' ? head.ETag : '');
      expect((await read('big')).equals(Buffer.concat(bodies))).toBe(true);
    }
  });

  test('are over when they are complete; Ceph 16 answers the same request again', async () => {
    for (const profile of ['aws', 'ceph16'] as const) {
      const { server, client } = await sdk({ profile });
      server.switches.faults = ({ query, method }) =>
        method === 'POST' && query.has('uploadId') ? { kind: 'double', answer: 'second' } : undefined;
      const completed = multipart(client, 'a', [Buffer.from('one')]);
      if (profile === 'aws') await expect(completed).rejects.toMatchObject({ name: 'NoSuchUpload' });
      else expect((await completed).ETag).toMatch(/^[0-9a-f]{32}-1$/);
    }
  });

  test('are conditional on AWS only', async () => {
    for (const profile of ['aws', 'ceph16'] as const) {
      const { client, read, write } = await sdk({ profile });
      await write('a', 'one');
      const completed = multipart(client, 'a', [Buffer.from('two')], { IfNoneMatch: '*' });
      if (profile === 'aws') await expect(completed).rejects.toMatchObject({ name: 'PreconditionFailed' });
      else await completed;
      expect((await read('a')).toString()).toBe(profile === 'aws' ? 'one' : 'two');
    }
  });

  test('refuse parts that are small, unknown or out of order', async () => {
    const { client } = await sdk();
    const small = multipart(client, 'a', [Buffer.from('one'), Buffer.from('two')]);
    await expect(small).rejects.toMatchObject({ name: 'EntityTooSmall' });
    const { Uploads: [{ UploadId } = { UploadId: '' }] = [] } = await client.send(
      new ListMultipartUploadsCommand({ Bucket }),
    );
    const { Parts = [] } = await client.send(new ListPartsCommand({ Bucket, Key: 'a', UploadId }));
    expect(Parts).toMatchObject([
      { PartNumber: 1, Size: 3 },
      { PartNumber: 2, Size: 3 },
    ]);
    const complete = (parts: object[]) =>
      client.send(
        new CompleteMultipartUploadCommand({ Bucket, Key: 'a', UploadId, MultipartUpload: { Parts: parts } }),
      );
    await expect(complete(Parts.toReversed())).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete([{ PartNumber: 3, ETag: 'x' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await complete(Parts.slice(1));
    await expect(complete(Parts.slice(1))).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  test('are listed until they are aborted', async () => {
    const { client } = await sdk();
    const ids: unknown[] = [];
    for (const Key of ['p/a', 'p/b', 'p/b', 'q']) {
      ids.push((await client.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId);
    }
    const list = (more: object) =>
      client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'p/', ...more }));
    const first = await list({ MaxUploads: 2 });
    expect(first).toMatchObject({ IsTruncated: true, Uploads: [{ UploadId: ids[0] }, { UploadId: ids[1] }] });
    const rest = await list({ KeyMarker: first.NextKeyMarker, UploadIdMarker: first.NextUploadIdMarker });
    expect(rest).toMatchObject({ IsTruncated: false, Uploads: [{ UploadId: ids[2] }] });
    const UploadId = String(ids[0]);
    const abort = () => client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'p/a', UploadId }));
    await abort();
    await expect(abort()).rejects.toMatchObject({ name: 'NoSuchUpload' });
    expect((await list({})).Uploads).toHaveLength(2);
  });
});

import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { enableVersioning, rawClient } from '../support/s3-server.ts';
import {
  answering,
  created,
  listening,
  putText,
  refusalOf,
  s3Store,
  servedStore,
  storeAt,
} from './s3-support.ts';

describe('the probe', () => {
  test.each(['aws', 'ceph16'] as const)('lets a server pass that keeps its promises: %s', async profile => {
    const { server, store } = await servedStore({ profile });
    await store.probe();
    expect((await store.list('')).objects).toEqual([]);
    const last = server.requests.all.filter(({ operation }) => operation !== 'ListObjectsV2').at(-1);
    expect(last?.operation).toBe('DeleteObject');
  });

  test.each(['quoted', 'bare'] as const)(
    'finds out how ETags are wanted, whatever was assumed: %s',
    async ifMatch => {
      const { server, store } = await servedStore({ profile: 'ceph16' }, { ifMatch });
      await store.probe();
      const version = await created(store);
      expect(await putText(store, 'second', { ifMatch: version })).toMatchObject({ kind: 'stored' });
      expect(server.requests.of('PutObject').at(-1)?.headers['if-match']).toBe(version.slice(1, -1));
    },
  );

  test('keeps the quotes where both are taken', async () => {
    const { server, store } = await servedStore({ profile: 'aws' }, { ifMatch: 'quoted' });
    await store.probe();
    const version = await created(store);
    await putText(store, 'second', { ifMatch: version });
    expect(server.requests.of('PutObject').at(-1)?.headers['if-match']).toBe(version);
  });

  test('refuses a server that ignores conditions, and leaves nothing there', async () => {
    const { server, store } = await servedStore({ ignoresConditions: true });
    const { code, message } = await refusalOf(store.probe());
    expect(code).toBe('storage_unconditional');
    expect(message).toBe(
      `Probing s3://wikis/some/wiki failed: ${server.endpoint} ignores If-None-Match, so that writers would overwrite each other; the server must support conditional writes, as Ceph 16 does in buckets without versioning only`,
    );
    server.switches.ignoresConditions = false;
    await s3Store(server).probe();
    expect(server.requests.of('DeleteObject').map(({ status }) => status)).toEqual([204, 204]);
  });

  test('does not take a server that went away for one that ignores conditions', async () => {
    const vanishing = createServer((request, response) => {
      request.resume().once('end', () => {
        response.writeHead(200, { etag: '"0123"', connection: 'close' }).end();
        vanishing.close();
      });
    });
    const { code, message } = await refusalOf(storeAt(await listening(vanishing)).probe());
    expect(code).toBe('storage_failed');
    expect(message).toContain('cannot be reached (ECONNREFUSED)');
  });

  test('refuses a bucket with versioning where that makes a server ignore If-None-Match', async () => {
    const { server, store } = await servedStore({ profile: 'ceph16' });
    await enableVersioning(rawClient(server));
    const { code, message } = await refusalOf(store.probe());
    expect(code).toBe('storage_unconditional');
    expect(message).toContain('ignores If-None-Match');
    expect(message).toContain('as Ceph 16 does in buckets without versioning only');
  });

  test('names the bucket that is not there', async () => {
    const { server, store } = await servedStore({}, { bucket: 'other' });
    const { code, message } = await refusalOf(store.probe());
    expect(code).toBe('storage_bucket_absent');
    expect(message).toContain(`${server.endpoint} has no bucket "other", create it or correct the store`);
  });

  test('names the missing permission', async () => {
    const { server, store } = await servedStore();
    server.switches.permissions = ({ action }) => action !== 's3:PutObject';
    const { code, message } = await refusalOf(store.probe());
    expect(code).toBe('storage_denied');
    expect(message).toMatch(
      /^Writing ".*" in s3:\/\/wikis\/some\/wiki failed: these credentials do not have the/,
    );
  });

  test.each([
    [{ accessKeyId: 'nobody' }, 'the access key is not known there (InvalidAccessKeyId)'],
    [
      { secretAccessKey: 'wrong' },
      'the secret access key must be the one of this access key (SignatureDoesNotMatch)',
    ],
  ])('names wrong credentials: %j', async (wrong, text) => {
    const { server } = await servedStore();
    const store = s3Store(server, { variables: { ...server.credentials, ...wrong } });
    const { code, message } = await refusalOf(store.probe());
    expect(code).toBe('storage_denied');
    expect(message).toContain(text);
  });

  test('names the region that is signed for and the one that would be right', async () => {
    const { server } = await servedStore({ region: 'eu-central-1' });
    const { code, message } = await refusalOf(s3Store(server, { region: 'us-west-2' }).probe());
    expect(code).toBe('storage_region_wrong');
    expect(message).toContain(
      'the bucket "wikis" is in the region "eu-central-1", AWS_REGION is "us-west-2"',
    );
  });

  test('names the region of a bucket that is elsewhere', async () => {
    const { server } = await servedStore({ buckets: [{ name: 'wikis', region: 'ap-south-1' }] });
    const { code, message } = await refusalOf(s3Store(server).probe());
    expect(code).toBe('storage_region_wrong');
    expect(message).toContain('the bucket "wikis" is in the region "ap-south-1", AWS_REGION is "us-east-1"');
  });

  test('names both clocks when they differ too much', async () => {
    const { server } = await servedStore({ now: () => Date.UTC(2030, 0, 1, 12) });
    const runtime = { ...systemRuntime, now: () => Date.UTC(2030, 0, 1, 13) };
    const { code, message } = await refusalOf(s3Store(server, { runtime }).probe());
    expect(code).toBe('storage_clock_skewed');
    expect(message).toMatch(/the clock of this machine .*20300101T130000Z.* says 2030-01-01T12:00:00/);
  });

  test.each([
    [200, 'text/html', '<html>Welcome</html>', 'answers a PUT without an ETag'],
    [405, 'text/html', '<html>Not allowed</html>', 'answered 405 with text/html'],
    [404, 'application/json', '{"error":"nothing here"}', 'answered 404 with application/json'],
  ])('sees that an endpoint is a web server that answers %i', async (status, type, text, what) => {
    const port = await listening(answering(status, type, text));
    const { code, message } = await refusalOf(storeAt(port).probe());
    expect(code).toBe('storage_not_s3');
    expect(message).toContain(
      `http://127.0.0.1:${port} ${what}, which is not S3, correct AWS_ENDPOINT_URL_S3`,
    );
  });

  test('sees that an endpoint does not speak HTTP', async () => {
    const echo = createTcpServer(socket => socket.on('error', () => {}).pipe(socket));
    const { code, message } = await refusalOf(storeAt(await listening(echo)).probe());
    expect(code).toBe('storage_not_s3');
    expect(message).toContain('does not speak HTTP');
  });
});

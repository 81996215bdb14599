import { describe, expect, test } from 'vitest';
import { presignedUrl, sendRaw, signedRequest } from '../support/s3-server/signed-request.ts';
import { rawServer, s3ServerForTest } from '../support/s3-server.ts';

const MINUTE_MS = 60_000;

/** The requests of AWS's documentation, with its key and its day. */
function documentedServer() {
  return s3ServerForTest({
    buckets: ['examplebucket'],
    domain: 's3.amazonaws.com',
    credentials: [
      {
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      },
    ],
    now: () => Date.parse('2013-05-24T00:00:00Z'),
  });
}

const scope = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';
const host = 'examplebucket.s3.amazonaws.com';
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function authorization(signedHeaders: string, signature: string): string {
  return `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=${signedHeaders},Signature=${signature}`;
}

const documentedPut = {
  host,
  date: 'Fri, 24 May 2013 00:00:00 GMT',
  'x-amz-date': '20130524T000000Z',
  'x-amz-storage-class': 'REDUCED_REDUNDANCY',
  'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
  authorization: authorization(
    'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  ),
};

describe("the requests of AWS's documentation are accepted", () => {
  test('PUT and GET, signed in the header', async () => {
    const server = await documentedServer();
    const body = 'Welcome to Amazon S3.';
    const stored = await sendRaw(server, { method: 'PUT', body }, '/test%24file.text', documentedPut);
    expect(stored.status).toBe(200);
    const headers = {
      host,
      range: 'bytes=0-9',
      'x-amz-content-sha256': emptyHash,
      'x-amz-date': '20130524T000000Z',
      authorization: authorization(
        'host;range;x-amz-content-sha256;x-amz-date',
        'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
      ),
    };
    expect((await sendRaw(server, { method: 'GET' }, '/test.txt', headers)).text).toContain('NoSuchKey');
  });

  test('GET, signed in the query', async () => {
    const server = await documentedServer();
    const query = [
      'X-Amz-Algorithm=AWS4-HMAC-SHA256',
      `X-Amz-Credential=${encodeURIComponent(scope)}`,
      'X-Amz-Date=20130524T000000Z',
      'X-Amz-Expires=86400',
      'X-Amz-SignedHeaders=host',
      'X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    ];
    const path = `/test.txt?${query.join('&')}`;
    expect((await sendRaw(server, { method: 'GET' }, path, { host })).text).toContain('NoSuchKey');
    expect((await sendRaw(server, { method: 'GET' }, `${path}0`, { host })).text).toContain(
      'SignatureDoesNotMatch',
    );
  });

  const chunk = (bytes: string, signature: string) =>
    `${bytes.length.toString(16)};chunk-signature=${signature}\r\n${bytes}\r\n`;
  const chunked = [
    chunk('a'.repeat(65_536), 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'),
    chunk('a'.repeat(1024), '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497'),
    chunk('', 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9'),
  ].join('');
  const chunkedHeaders = {
    host: 's3.amazonaws.com',
    'x-amz-date': '20130524T000000Z',
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': '66560',
    'content-length': '66824',
    authorization: authorization(
      'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class',
      '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
    ),
  };

  test('PUT in signed chunks', async () => {
    const server = await documentedServer();
    const path = '/examplebucket/chunkObject.txt';
    const stored = await sendRaw(server, { method: 'PUT', body: chunked }, path, chunkedHeaders);
    expect(stored.status).toBe(200);
    expect(server.requests.all).toMatchObject([{ receivedBytes: 66_824, operation: 'PutObject' }]);
  });

  test('but not with one byte of a chunk changed', async () => {
    const server = await documentedServer();
    const path = '/examplebucket/chunkObject.txt';
    const body = chunked.replace('aaaaab', 'aaaaaa').replace(/a\r\n0/, 'b\r\n0');
    const answer = await sendRaw(server, { method: 'PUT', body }, path, chunkedHeaders);
    expect(answer.text).toContain('<Code>SignatureDoesNotMatch</Code>');
  });
});

describe('a request is refused', () => {
  test('without a signature, by an unknown key, with another secret', async () => {
    const { server, send } = await rawServer();
    expect((await sendRaw(server, { method: 'GET' }, '/wikis/a', {})).text).toContain(
      '<Code>AccessDenied</Code>',
    );
    const by = (credentials: object) =>
      signedRequest(
        { ...server, credentials: { ...server.credentials, ...credentials } },
        { method: 'GET', path: '/wikis/a' },
      );
    expect((await by({ accessKeyId: 'NOBODY' })).text).toContain('<Code>InvalidAccessKeyId</Code>');
    expect((await by({ secretAccessKey: 'other' })).text).toContain('<Code>SignatureDoesNotMatch</Code>');
    expect((await send('GET', 'a')).text).toContain('<Code>NoSuchKey</Code>');
  });

  test('whose body is not the signed one', async () => {
    const { send } = await rawServer();
    const answer = await send('PUT', 'a', { body: 'one', payloadHash: emptyHash });
    expect(answer.text).toContain('<Code>XAmzContentSHA256Mismatch</Code>');
    expect(await send('GET', 'a')).toMatchObject({ status: 404 });
    expect(await send('PUT', 'a', { body: 'one', payloadHash: 'UNSIGNED-PAYLOAD' })).toMatchObject({
      status: 200,
    });
  });

  test('that carries a header of S3 which is not signed', async () => {
    const server = await documentedServer();
    const headers = { ...documentedPut, 'x-amz-meta-more': 'x' };
    const body = 'Welcome to Amazon S3.';
    const answer = await sendRaw(server, { method: 'PUT', body }, '/test%24file.text', headers);
    expect(answer.text).toContain('<HeadersNotSigned>x-amz-meta-more</HeadersNotSigned>');
  });

  test('when its clock is more than 15 minutes wrong', async () => {
    const { send } = await rawServer();
    const now = Date.now();
    expect(await send('PUT', 'a', { signedMs: now - 14 * MINUTE_MS })).toMatchObject({ status: 200 });
    expect(await send('PUT', 'a', { signedMs: now + 14 * MINUTE_MS })).toMatchObject({ status: 200 });
    for (const signedMs of [now - 16 * MINUTE_MS, now + 16 * MINUTE_MS]) {
      const answer = await send('PUT', 'a', { signedMs });
      expect(answer).toMatchObject({ status: 403 });
      expect(answer.text).toContain('<Code>RequestTimeTooSkewed</Code>');
    }
  });

  test('for another region, whose name the answer tells; Ceph does not mind', async () => {
    for (const [profile, status] of [
      ['aws', 400],
      ['ceph16', 200],
    ] as const) {
      const server = await s3ServerForTest({ profile, region: 'eu-west-1' });
      const target = { ...server, region: 'us-east-1' };
      const answer = await signedRequest(target, { method: 'PUT', path: '/wikis/a', body: 'x' });
      expect(answer.status).toBe(status);
      if (status === 400) expect(answer.text).toContain('<Region>eu-west-1</Region>');
    }
  });

  test('by temporary credentials without their session token', async () => {
    const credentials = { accessKeyId: 'TEMPORARY', secretAccessKey: 'secret', sessionToken: 'token/+=' };
    const { server, send } = await rawServer({ credentials: [credentials] });
    expect(await send('PUT', 'a', { body: 'x' })).toMatchObject({ status: 200 });
    const { sessionToken: _, ...without } = credentials;
    const wanted = { method: 'GET', path: '/wikis/a' };
    expect((await signedRequest({ ...server, credentials: without }, wanted)).text).toContain('InvalidToken');
    const url = new URL(presignedUrl(server, wanted, 60));
    expect(await sendRaw(server, wanted, `${url.pathname}${url.search}`, { host: url.host })).toMatchObject({
      status: 200,
    });
  });
});

describe('a presigned URL', () => {
  test('lets anybody read and write one object until it expires', async () => {
    const { server, send } = await rawServer();
    const path = "/wikis/a b/ü+(1)'";
    const written = await fetch(presignedUrl(server, { method: 'PUT', path }, 60), {
      method: 'PUT',
      body: 'hello',
    });
    expect(written.status).toBe(200);
    const read = presignedUrl(
      server,
      { method: 'GET', path, query: { 'response-content-type': 'text/x' } },
      60,
    );
    const found = await fetch(read);
    expect(await found.text()).toBe('hello');
    expect(found.headers.get('content-type')).toBe('text/x');
    expect((await send('GET', "a b/ü+(1)'")).text).toBe('hello');
    server.switches.now = () => Date.now() + 61_000;
    expect(await (await fetch(read)).text()).toContain('Request has expired');
  });

  test('holds for what was signed only', async () => {
    const { server } = await rawServer();
    const headers = { 'content-type': 'image/png', 'content-length': '3' };
    const url = presignedUrl(server, { method: 'PUT', path: '/wikis/a', headers }, 60);
    const write = (type: string, body: string, to = url) =>
      fetch(to, { method: 'PUT', headers: { 'content-type': type }, body });
    expect((await write('image/png', 'four')).status).toBe(403);
    expect((await write('text/html', 'abc')).status).toBe(403);
    expect((await write('image/png', 'abc', url.replace('/wikis/a', '/wikis/b'))).status).toBe(403);
    expect((await write('image/png', 'abc')).status).toBe(200);
    expect((await fetch(url)).status).toBe(403);
  });
});

test('a bucket may be named by the host', async () => {
  const { server, send } = await rawServer();
  await send('PUT', 'a', { body: 'one' });
  const wanted = { method: 'GET', path: '/a', headers: { host: `wikis.localhost:${server.port}` } };
  expect((await signedRequest(server, wanted)).text).toBe('one');
});

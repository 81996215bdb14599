import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodePath, type SignableRequest, Signer, UNSIGNED_PAYLOAD } from '../../src/storage/s3/signer.ts';

/** The key of the examples in the documentation of S3. */
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const nowMs = Date.UTC(2013, 4, 24);
const host = 'examplebucket.s3.amazonaws.com';
const empty = sha256('');

interface Example {
  request: Partial<SignableRequest>;
  body?: string;
  signature: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
const examples: [string, Example][] = [
  [
    'GET of a range',
    {
      request: { path: '/test.txt', headers: { host, range: 'bytes=0-9' } },
      signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    },
  ],
  [
    'PUT of an object',
    {
      request: {
        method: 'PUT',
        path: encodePath('/test$file.text'),
        headers: {
          host,
          date: 'Fri, 24 May 2013 00:00:00 GMT',
          'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        },
      },
      body: 'Welcome to Amazon S3.',
      signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    },
  ],
  [
    'GET of a subresource',
    {
      request: { query: [['lifecycle', '']] },
      signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    },
  ],
  [
    'listing of a bucket',
    {
      request: {
        query: [
          ['prefix', 'J'],
          ['max-keys', '2'],
        ],
      },
      signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    },
  ],
];

function requestOf(parts: Partial<SignableRequest>): SignableRequest {
  return { method: 'GET', path: '/', query: [], headers: { host }, ...parts };
}

describe('signatures', () => {
  test.each(examples)("are those of AWS's example: %s", (_, { request, body = '', signature }) => {
    const headers = new Signer('us-east-1').headers(requestOf(request), sha256(body), credentials, nowMs);
    expect(headers.authorization?.split('Signature=')[1]).toBe(signature);
  });

  test("are those of AWS's example: presigned GET", () => {
    const request = requestOf({ path: '/test.txt' });
    const query = new Signer('us-east-1').presignedQuery(request, credentials, nowMs, 86_400);
    expect(query.split('X-Amz-Signature=')[1]).toBe(
      'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    );
  });

  test('change with the day, the region and the secret', () => {
    const sign = (signer: Signer, secretAccessKey: string, atMs: number) =>
      signer.headers(requestOf({}), empty, { ...credentials, secretAccessKey }, atMs).authorization;
    const one = new Signer('us-east-1');
    const signatures = [
      sign(one, 'a', nowMs),
      sign(one, 'b', nowMs),
      sign(one, 'a', nowMs + 86_400_000),
      sign(new Signer('eu-central-1'), 'a', nowMs),
    ];
    expect(new Set(signatures).size).toBe(4);
    expect(sign(one, 'a', nowMs)).toBe(signatures[0]);
  });

  test("are those of the AWS SDK's signer, whatever is signed", async () => {
    await fc.assert(
      fc.asyncProperty(
        requestArbitrary,
        fc.option(fc.stringMatching(/^[\w+/=]{1,40}$/)),
        async (request, token) => {
          const known = { ...credentials, ...(token === null ? {} : { sessionToken: token }) };
          const ours = new Signer('eu-west-1').headers(request, empty, known, nowMs);
          const theirs = await signedBySdk(request, known);
          expect(ours.authorization).toBe(theirs.headers.authorization);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("are those of the AWS SDK's presigner", async () => {
    await fc.assert(
      fc.asyncProperty(requestArbitrary, async request => {
        const query = new Signer('eu-west-1').presignedQuery(request, credentials, nowMs, 60);
        const unsigned = sdkRequest(request);
        const headers = { ...unsigned.headers, 'x-amz-content-sha256': UNSIGNED_PAYLOAD };
        const theirs = await sdkSigner(credentials).presign(
          { ...unsigned, headers },
          {
            signingDate: new Date(nowMs),
            expiresIn: 60,
            unhoistableHeaders: new Set(Object.keys(headers)),
            unsignableHeaders: new Set(['x-amz-content-sha256']),
          },
        );
        expect(query.split('X-Amz-Signature=')[1]).toBe(theirs.query?.['X-Amz-Signature']);
      }),
      { numRuns: 100 },
    );
  });
});

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const requestArbitrary: fc.Arbitrary<SignableRequest> = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'DELETE'),
  path: fc
    .array(fc.stringMatching(/^[A-Za-z0-9!#$%&'()+,\-.;=@_~* ]{1,12}$/), { minLength: 1, maxLength: 4 })
    .map(names => encodePath(`/${names.join('/')}`)),
  query: fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-zA-Z-]{1,12}$/), text), {
    maxLength: 4,
    selector: ([name]) => name,
  }),
  headers: fc
    .record(
      { range: fc.constant('bytes=0-9'), 'if-match': fc.stringMatching(/^[ -~]{1,20}$/) },
      { requiredKeys: [] },
    )
    .map(headers => ({ ...headers, host: 'b.example.org:9000' })),
});

type Known = typeof credentials & { sessionToken?: string };

function sdkSigner(known: Known): SignatureV4 {
  const options = { applyChecksum: false, uriEscapePath: false, region: 'eu-west-1', service: 's3' };
  return new SignatureV4({ ...options, credentials: known, sha256: NodeSha256 });
}

function sdkRequest({ method, path, query, headers }: SignableRequest) {
  const rest = { protocol: 'https:', hostname: 'b.example.org', body: undefined };
  return { ...rest, method, path, query: Object.fromEntries(query), headers: { ...headers } };
}

async function signedBySdk(request: SignableRequest, known: Known) {
  const unsigned = sdkRequest(request);
  const headers = { ...unsigned.headers, 'x-amz-content-sha256': empty };
  return await sdkSigner(known).sign({ ...unsigned, headers }, { signingDate: new Date(nowMs) });
}

/** The hash as the SDK wants it. */
class NodeSha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', keyOf(secret));
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

function keyOf(secret: string | ArrayBuffer | ArrayBufferView): string | Uint8Array {
  if (typeof secret === 'string') return secret;
  if (secret instanceof ArrayBuffer) return new Uint8Array(secret);
  return new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength);
}

function sha256(bytes: string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

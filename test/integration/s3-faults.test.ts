import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { listening } from '../storage/s3-support.ts';
import { newerLedger } from '../support/newer-ledger.ts';
import { type BucketVariables, bucketCli, objectsOf, servedBucket } from '../support/s3-cli.ts';
import type { S3Server } from '../support/s3-server/server.ts';
import type { SendRaw } from '../support/s3-server.ts';
import { bucketProcess, bucketWithWiki, ledgerKeyIn } from './s3-faults-support.ts';

interface Setting {
  server: S3Server;
  send: SendRaw;
  variables: BucketVariables;
}

interface Row {
  what: string;
  /** What goes wrong in the bucket or at the server. */
  harm?: (setting: Setting) => unknown;
  /** What goes wrong in the variables. */
  variables?: () => BucketVariables | Promise<BucketVariables>;
  code: string;
  says: RegExp;
  /** Default: both fail. */
  reads?: 200;
}

const WEB_SERVER = createServer((request, response) => {
  request.resume().once('end', () => response.writeHead(404, { 'content-type': 'text/html' }).end('<html>'));
});

const ROWS: Row[] = [
  {
    what: 'the bucket is not there',
    variables: () => ({ KITTIWAKE_STORE: 's3://elsewhere/wiki' }),
    code: 'storage_bucket_absent',
    says: /has no bucket "elsewhere", create it or correct the store$/,
  },
  {
    what: 'writing is not permitted',
    harm: ({ server }) => {
      server.switches.permissions = ({ action }) => action !== 's3:PutObject';
    },
    code: 'storage_denied',
    says: /^Writing "ledger\/.*: these credentials do not have the permission \(AccessDenied\)$/,
    reads: 200,
  },
  {
    what: 'reading is not permitted',
    harm: ({ server }) => {
      server.switches.permissions = ({ action }) => action !== 's3:GetObject';
    },
    code: 'storage_denied',
    says: /^Reading "wikis\/main" in s3:\/\/wikis\/some\/wiki failed: .*s3:GetObject is/,
  },
  {
    what: 'something is missing and listing is not permitted',
    harm: async ({ server, send }) => {
      await send('DELETE', 'some/wiki/wikis/main');
      server.switches.permissions = ({ action }) => action !== 's3:ListBucket';
    },
    code: 'storage_denied',
    says: /: the object is missing, or the permission s3:GetObject is; s3:ListBucket would tell which \(AccessDenied\)$/,
  },
  {
    what: 'the secret key is another one',
    variables: () => ({ AWS_SECRET_ACCESS_KEY: 'another' }),
    code: 'storage_denied',
    says: /the secret access key must be the one of this access key \(SignatureDoesNotMatch\)$/,
  },
  {
    what: 'the region is another one',
    variables: () => ({ AWS_REGION: 'eu-west-3' }),
    code: 'storage_region_wrong',
    says: /the bucket "wikis" is in the region "us-east-1", AWS_REGION is "eu-west-3"$/,
  },
  {
    what: 'the clocks are an hour apart',
    harm: ({ server }) => {
      server.switches.now = () => Date.now() + 3_600_000;
    },
    code: 'storage_clock_skewed',
    says: /the clock of this machine says .*, that of .* says .*, set the clock$/,
  },
  {
    what: 'the endpoint is another web server',
    variables: async () => ({ AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${await listening(WEB_SERVER)}` }),
    code: 'storage_not_s3',
    says: /answered 404 with text\/html, which is not S3, correct AWS_ENDPOINT_URL_S3$/,
  },
  {
    what: 'nobody listens at the endpoint',
    variables: () => ({ AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' }),
    code: 'storage_failed',
    says: /http:\/\/127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)$/,
  },
  {
    what: 'the ledger is of a newer format',
    harm: async ({ send }) => await rewriteLedger(send, newerLedger),
    code: 'ledger_newer',
    says: /its format is 9, this release knows up to 3; use a newer release$/,
  },
  {
    what: 'the ledger is damaged',
    harm: async ({ send }) => await rewriteLedger(send, bytes => bytes.fill(0x55, 20, 30)),
    code: 'ledger_corrupt',
    says: /"ledger\/[0-9a-f]{32}".*its checksum is .*; see "kittiwake restore"$/,
  },
  {
    what: 'the ledger is gone',
    harm: async ({ send }) => {
      await send('PUT', `${(await ledgerKeyIn(send)).replace('ledger', 'packs')}/pack-1.pack`, {
        body: 'PACK',
      });
      await send('DELETE', await ledgerKeyIn(send));
    },
    code: 'wiki_lost',
    says: /s3:\/\/wikis\/some\/wiki holds its packs but not "ledger\/.*"; see "kittiwake restore"$/,
  },
  {
    what: 'the name of the wiki stands for nothing',
    harm: async ({ send }) => {
      await send('PUT', 'some/wiki/wikis/main', { body: 'hello' });
    },
    code: 'wiki_name_unreadable',
    says: /"wikis\/main" in s3:\/\/wikis\/some\/wiki names no wiki/,
  },
];

describe('a cold process whose bucket is wrong', () => {
  it.for(ROWS)(
    'answers 500, logs what it is and writes nothing: $what',
    async ({ harm, variables, code, says, reads }) => {
      const setting = await bucketWithWiki();
      await harm?.(setting);
      const changed = await variables?.();
      const before = await stored(setting);
      const { call, failures } = bucketProcess({ ...setting.variables, ...changed });
      expect((await call('GET', '/pages/Home')).status).toBe(reads ?? 500);
      const { status, body } = await call('PUT', '/pages/New', { content: 'new' });
      expect([status, body.code]).toEqual([500, 'internal']);
      const told = failures().find(line => line.request === body.request_id);
      expect(told).toMatchObject({ level: 'error', code, message: expect.stringMatching(says) });
      expect(JSON.stringify(failures())).not.toContain(setting.server.credentials.secretAccessKey);
      expect(await stored(setting)).toEqual(before);
    },
  );

  it('goes on as soon as it is right again', async () => {
    const { server, variables } = await bucketWithWiki();
    const { call } = bucketProcess(variables);
    server.switches.permissions = () => false;
    expect((await call('GET', '/pages/Home')).status).toBe(500);
    server.switches.permissions = () => true;
    expect((await call('GET', '/pages/Home')).body.content).toBe('home');
    expect((await call('PUT', '/pages/New', { content: 'new' })).status).toBe(201);
  });
});

describe('a command whose bucket is wrong', () => {
  const commands = [['serve', '--port', '0'], ['wiki', 'create'], ['gc'], ['doctor'], ['restore']];

  it('says what it is in a line, with what to do', async () => {
    const setting = await bucketWithWiki();
    const before = await objectsOf(setting.send);
    const { run } = bucketCli(setting.variables);
    for (const [changed, text] of [
      [{ KITTIWAKE_STORE: 's3://elsewhere' }, /create it or correct the store \(storage_bucket_absent\)\n$/],
      [{ AWS_REGION: 'eu-west-3' }, /AWS_REGION is "eu-west-3" \(storage_region_wrong\)\n$/],
      [{ AWS_ACCESS_KEY_ID: 'nobody' }, /is not known there \(InvalidAccessKeyId\) \(storage_denied\)\n$/],
    ] as const) {
      for (const args of commands) {
        const { code, err } = await run(args, changed);
        expect([args, code, err]).toEqual([args, 1, expect.stringMatching(text)]);
        expect(err.split('\n')).toHaveLength(2);
      }
    }
    expect(await objectsOf(setting.send)).toEqual(before);
  }, 60_000);

  it('makes no wiki where conditions are ignored, nor serves one there', async () => {
    const { server, run, send } = await servedBucket({ ignoresConditions: true });
    for (const args of [
      ['serve', '--port', '0'],
      ['wiki', 'create'],
      ['import', import.meta.dirname],
    ]) {
      const { code, err } = await run(args);
      expect([args, code, err]).toEqual([
        args,
        1,
        expect.stringMatching(
          /ignores If-None-Match, so that .* must support conditional writes, .* \(storage_unconditional\)\n$/,
        ),
      ]);
    }
    expect(await objectsOf(send)).toEqual({});
    server.switches.ignoresConditions = false;
    expect((await run(['wiki', 'create'])).code).toBe(0);
    server.switches.ignoresConditions = true;
    const before = await objectsOf(send);
    expect((await run(['serve', '--port', '0'])).err).toContain('(storage_unconditional)');
    expect(await objectsOf(send)).toEqual(before);
  }, 60_000);
});

/** What is stored, whatever is permitted just now. */
async function stored({ server, send }: Setting): Promise<Record<string, string>> {
  const { permissions, now } = server.switches;
  Object.assign(server.switches, { permissions: () => true, now: Date.now });
  const objects = await objectsOf(send);
  Object.assign(server.switches, { permissions, now });
  return objects;
}

async function rewriteLedger(send: SendRaw, change: (bytes: Buffer) => Buffer): Promise<void> {
  const key = await ledgerKeyIn(send);
  const { body } = await send('GET', key);
  await send('PUT', key, { body: change(body) });
}

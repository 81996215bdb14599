import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { keepFiles } from '../../infra/functions/kept-files.ts';
import { follow, ROOT, temporaryFolder } from '../support/cli.ts';
import { cloudFormationForTest, type StackTable } from '../support/cloudformation-service.ts';
import { enableVersioning, rawClient, s3ServerForTest } from '../support/s3-server.ts';

const WIKI = '466df9e00dff08e38e2f5088487c4896';
const OUTPUTS = {
  Url: 'https://abc.lambda-url.us-east-1.on.aws',
  Bucket: 'wikis',
  Wiki: WIKI,
  Region: 'us-east-1',
  KeepsBucket: 'true',
};

/** Notes how it was called and writes the outputs where it is told to. */
const STAND_IN = `#!/usr/bin/env node
const { appendFileSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
appendFileSync(process.env.CALLS, JSON.stringify({ args, region: process.env.AWS_REGION, profile: process.env.AWS_PROFILE }) + '\\n');
const file = args[args.indexOf('--outputs-file') + 1];
if (args[0] === 'deploy') writeFileSync(file, JSON.stringify({ [process.env.STACK]: JSON.parse(process.env.OUTPUTS) }));
process.exitCode = Number(process.env.CODE ?? 0);
`;

interface Deployer {
  /** What the store lets in. */
  credentials: { accessKeyId: string; secretAccessKey: string };
  run(
    script: 'deploy' | 'destroy',
    args?: string[],
    env?: Record<string, string>,
  ): ReturnType<typeof follow>['finished'];
  calls(): { args: string[]; region?: string; profile?: string }[];
  requests(): number;
  stacks: StackTable;
}

async function deployer(stacks: StackTable = {}): Promise<Deployer> {
  const { path, remove } = temporaryFolder();
  onTestFinished(remove);
  const [server, service] = await Promise.all([s3ServerForTest(), cloudFormationForTest(stacks)]);
  await enableVersioning(rawClient(server));
  writeFileSync(path('cdk'), STAND_IN);
  chmodSync(path('cdk'), 0o755);
  const calls = path('calls');
  const env = {
    PATH: `${path()}${delimiter}${process.env.PATH}`,
    CALLS: calls,
    STACK: 'Kittiwake',
    OUTPUTS: JSON.stringify(OUTPUTS),
    AWS_REGION: server.region,
    AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
    AWS_ENDPOINT_URL_CLOUDFORMATION: service.endpoint,
    AWS_ENDPOINT_URL_S3: server.endpoint,
  };
  return {
    credentials: server.credentials,
    stacks,
    run: (script, args = [], own = {}) =>
      follow([process.execPath, join(ROOT, `infra/${script}.ts`), ...args], {
        cwd: ROOT,
        env: { ...env, ...own },
      }).finished,
    calls: () =>
      existsSync(calls)
        ? readFileSync(calls, 'utf8')
            .trim()
            .split('\n')
            .map(line => JSON.parse(line))
        : [],
    requests: () => server.requests.of('PutObject').filter(({ key }) => key === `ledger/${WIKI}`).length,
  };
}

const hashIn = ({ args }: { args: string[] }) =>
  args.find(arg => arg.startsWith('apiKeySha256='))?.slice('apiKeySha256='.length);

test('a first deployment makes a key, shows it once, creates the wiki and says how to write', async () => {
  const { run, calls, requests } = await deployer();
  const { code, out, err } = await run('deploy');
  expect(err).toBe('');
  expect(code).toBe(0);
  const keys = out.match(/kw_[\w-]{43}/g) ?? [];
  expect(keys).toHaveLength(1);
  const [call] = calls();
  expect(call?.args.slice(0, 2)).toEqual(['deploy', '--outputs-file']);
  expect(hashIn(call ?? { args: [] })).toBe(createHash('sha256').update(String(keys[0])).digest('hex'));
  expect(requests()).toBe(1);
  expect(out).toContain(`curl -X PUT "${OUTPUTS.Url}/api/v1/pages/Home" -H "Authorization: Bearer $KEY"`);
});

test('a later deployment keeps the key and the wiki', async () => {
  const { run, calls, requests } = await deployer({
    Kittiwake: { ...OUTPUTS, ApiKeySha256: 'c'.repeat(64) },
  });
  await run('deploy');
  const { code, out, err } = await run('deploy');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).not.toMatch(/kw_/);
  expect(calls().map(hashIn)).toEqual(['c'.repeat(64), 'c'.repeat(64)]);
  expect(requests()).toBe(1);
});

test('a key can be replaced, or chosen', async () => {
  const { run, calls } = await deployer({ Kittiwake: { ...OUTPUTS, ApiKeySha256: 'c'.repeat(64) } });
  const { out } = await run('deploy', ['--new-key']);
  await run('deploy', ['-c', `apiKeySha256=${'d'.repeat(64)}`]);
  const key = out.match(/kw_[\w-]{43}/)?.[0] ?? '';
  expect(calls().map(hashIn)).toEqual([createHash('sha256').update(key).digest('hex'), 'd'.repeat(64)]);
  expect(calls()[0]?.args).not.toContain('--new-key');
});

test('a new key can be accepted beside the old one, until the next deployment', async () => {
  const { run, calls } = await deployer({ Kittiwake: { ...OUTPUTS, ApiKeySha256: 'c'.repeat(64) } });
  const { out } = await run('deploy', ['--new-key', '--keep-old-key']);
  await run('deploy');
  const [both, after] = calls();
  const key = out.match(/kw_[\w-]{43}/)?.[0] ?? '';
  expect(hashIn(both ?? { args: [] })).toBe(createHash('sha256').update(key).digest('hex'));
  expect(both?.args).toContain(`previousApiKeySha256=${'c'.repeat(64)}`);
  expect(both?.args).not.toContain('--keep-old-key');
  expect(after?.args.join(' ')).not.toContain('previousApiKeySha256');
});

test('of many wikis none is made, and it is said how to make the first', async () => {
  const { run, requests } = await deployer();
  const { code, out, err } = await run('deploy', ['-c', 'tenants=path:/w']);
  expect({ code, err, requests: requests() }).toEqual({ code: 0, err: '', requests: 0 });
  expect(out).toContain(`curl -X POST "${OUTPUTS.Url}/api/v1/tenants" -H "Authorization: Bearer $KEY"`);
});

test('the options of the CDK reach it, and its name of the stack counts here too', async () => {
  const { run, calls } = await deployer({ Notes: { ...OUTPUTS, ApiKeySha256: 'e'.repeat(64) } });
  const args = ['-c', 'stackName=Notes', '--context=site=true', '--require-approval', 'never'];
  const { code } = await run('deploy', args, { STACK: 'Notes' });
  expect(code).toBe(0);
  const [call] = calls();
  expect(call?.args.slice(3, -2)).toEqual(args);
  expect(call).toMatchObject({ region: 'us-east-1' });
  expect(hashIn(call ?? { args: [] })).toBe('e'.repeat(64));
});

test('the wiki is created with the profile that is named, whatever credentials are in the environment', async () => {
  const { run, requests, credentials } = await deployer();
  const { path, remove } = temporaryFolder();
  onTestFinished(remove);
  const { accessKeyId, secretAccessKey } = credentials;
  writeFileSync(
    path('credentials'),
    `[notes]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  );
  const { code } = await run('deploy', ['--profile', 'notes'], {
    AWS_SHARED_CREDENTIALS_FILE: path('credentials'),
    AWS_CONFIG_FILE: '/dev/null',
    AWS_ACCESS_KEY_ID: 'AKIAOTHERACCOUNT',
    AWS_SECRET_ACCESS_KEY: 'other',
  });
  // The AWS SDK warns of the two sources, and takes the profile.
  expect(code).toBe(0);
  expect(requests()).toBe(1);
});

test('wrong context is refused before a key is made', async () => {
  const { run, calls } = await deployer();
  const { code, out, err } = await run('deploy', ['-c', 'arch=mips']);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain('Invalid context arch="mips"');
  expect(calls()).toEqual([]);
});

test('a deployment that fails says what it may be, and creates nothing', async () => {
  const { run, requests } = await deployer();
  const { code, err } = await run('deploy', [], { CODE: '1' });
  expect(code).toBe(1);
  expect(err).toMatch(
    /npm run bootstrap[\s\S]*apiConcurrency=none[\s\S]*error: Running cdk: it ended with 1/,
  );
  expect(requests()).toBe(0);
});

test('without a region nothing is begun', async () => {
  const { run, calls } = await deployer();
  const { code, err } = await run('deploy', [], {
    AWS_REGION: '',
    AWS_DEFAULT_REGION: '',
    AWS_CONFIG_FILE: '/dev/null',
  });
  expect(code).toBe(1);
  expect(err).toContain('set AWS_REGION');
  expect(calls()).toEqual([]);
});

test('destroying says that the bucket stays, and how to read it later', async () => {
  const { run, calls } = await deployer({ Kittiwake: OUTPUTS });
  const { code, out } = await run('destroy', ['--force']);
  expect(code).toBe(0);
  expect(out).toContain(`export wiki.git --store s3://wikis --wiki ${WIKI}`);
  expect(calls()[0]?.args.slice(0, 2)).toEqual(['destroy', '--force']);
});

test('a bucket goes only with a stack that was deployed so', async () => {
  const { run, calls, stacks } = await deployer({ Kittiwake: OUTPUTS });
  const refused = await run('destroy', ['-c', 'destroyBucket=true']);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('npm run deploy -- -c destroyBucket=true first');
  expect(calls()).toEqual([]);
  stacks.Kittiwake = { ...OUTPUTS, KeepsBucket: 'false' };
  const { code, out } = await run('destroy');
  expect(code).toBe(0);
  expect(out).toContain('goes with the stack');
});

describe('compiling the API where it runs', () => {
  const NAME = 'write.0123456789abcdef.arm64-13.6.233.17-node.53.cache';
  const bytes = Buffer.from('what V8 kept');

  async function deployWith(answer: unknown, headers: Record<string, string> = {}, args: string[] = []) {
    const dist = temporaryFolder();
    onTestFinished(dist.remove);
    if (args.length > 0) keepFiles(dist.path('code-cache'), new Map([[NAME, bytes]]));
    const lambda = await lambdaAnswering(answer, headers);
    const made = await deployer();
    const outputs = { ...OUTPUTS, CodeCacheFunction: 'Kittiwake-CodeCache' };
    const finished = await made.run('deploy', args, {
      OUTPUTS: JSON.stringify(outputs),
      AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
      KITTIWAKE_DIST: dist.path(),
    });
    const kept = dist.path('code-cache');
    return {
      ...finished,
      calls: made.calls(),
      asked: lambda.asked,
      files: existsSync(kept) ? readdirSync(kept) : [],
      kept,
    };
  }

  test('what is new is kept, and deployed', async () => {
    const { code, err, calls, asked, files, kept } = await deployWith({
      used: false,
      files: { [NAME]: bytes.toString('base64') },
    });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(asked).toEqual(['/2015-03-31/functions/Kittiwake-CodeCache/invocations']);
    const sum = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    expect(files).toEqual([`${NAME}.${sum}`]);
    expect(readFileSync(join(kept, `${NAME}.${sum}`))).toEqual(bytes);
    expect(calls.map(hashIn)).toEqual([hashIn(calls[0] ?? { args: [] }), hashIn(calls[0] ?? { args: [] })]);
  });

  test('can be left out, with what was kept before', async () => {
    const { code, calls, asked, files } = await deployWith(
      { used: false, files: { [NAME]: bytes.toString('base64') } },
      {},
      ['--no-code-cache', '--force'],
    );
    expect([code, calls.length, asked, files]).toEqual([0, 1, [], []]);
    expect(calls[0]?.args).toContain('--force');
    expect(calls[0]?.args).not.toContain('--no-code-cache');
  });

  test('what the function has already is not deployed again', async () => {
    const { code, calls, files } = await deployWith({ used: true, files: { [NAME]: '' } });
    expect([code, calls.length, files]).toEqual([0, 1, []]);
  });

  test.each([
    [
      'fails',
      { errorType: 'Error', errorMessage: 'no' },
      { 'x-amz-function-error': 'Unhandled' },
      'Error: no',
    ],
    ['names files elsewhere', { used: false, files: { '../x.cache': '' } }, {}, 'names the files ../x.cache'],
    ['names none', { used: false, files: {} }, {}, 'names the files none'],
  ])('a function that %s leaves the deployment as it is, with a warning', async (_, answer, headers, why) => {
    const { code, err, calls, files } = await deployWith(answer, headers as Record<string, string>);
    expect([code, calls.length, files]).toEqual([0, 1, []]);
    expect(err).toMatch(/^warning: Compiling the API by "Kittiwake-CodeCache": .*; cold starts take longer/);
    expect(err).toContain(why);
  });
});

/** Answers every invocation alike, until the running test is over. */
async function lambdaAnswering(answer: unknown, headers: Record<string, string>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    request.resume().on('end', () => response.writeHead(200, headers).end(JSON.stringify(answer)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

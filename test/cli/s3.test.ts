import { readdirSync } from 'node:fs';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { kittiwake, startKittiwake, temporaryFolder } from '../support/cli.ts';
import { servedBucket } from '../support/s3-cli.ts';
import type { S3Server } from '../support/s3-server/server.ts';
import { s3ServerForTest } from '../support/s3-server.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

function environment({ endpoint, credentials }: S3Server, name: string) {
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL: endpoint,
    KITTIWAKE_STORE: 's3://wikis/some/prefix',
    KITTIWAKE_DATA: folder.path(name),
    KITTIWAKE_API_KEY: 'a-key',
    KITTIWAKE_LOG_LEVEL: 'silent',
  };
}

describe('a wiki in S3', () => {
  it('is born once, in the place that was named', async () => {
    const server = await s3ServerForTest();
    const env = environment(server, 'born');
    const created = await kittiwake(['wiki', 'create'], { env });
    expect(created).toMatchObject({ code: 0, err: expect.stringMatching(/^warning: .*enable versioning/) });
    expect(created.out).toMatch(/^Created the wiki "main" in s3:\/\/wikis\/some\/prefix: [0-9a-f]{32}\n$/);
    const again = await kittiwake(['wiki', 'create'], { env });
    expect(again.code).not.toBe(0);
    expect(again.err).toContain('s3://wikis/some/prefix already holds');
    const written = server.requests.of('PutObject').map(({ key }) => key);
    expect(written.every(key => key.startsWith('some/prefix/'))).toBe(true);
  });

  it('is served, and nothing of it lies in the data folder', async () => {
    const server = await s3ServerForTest();
    const env = environment(server, 'served');
    const serving = startKittiwake(['serve', '--port', '0'], { env });
    onTestFinished(async () => {
      serving.child.kill('SIGKILL');
      await serving.finished;
    });
    const line = await serving.line(/ at http/);
    expect(line).toContain('Kittiwake serves a new wiki in s3://wikis/some/prefix at http://127.0.0.1:');
    const url = line.replace(/^.* at /, '');
    const headers = { authorization: 'Bearer a-key', 'content-type': 'application/json' };
    const body = JSON.stringify({ content: '# Hello\n' });
    const put = await fetch(`${url}/api/v1/pages/Home`, { method: 'PUT', headers, body });
    expect(put.status).toBe(201);
    serving.child.kill('SIGINT');
    expect((await serving.finished).code).toBe(0);
    const exported = await kittiwake(['doctor'], { env });
    expect(exported).toMatchObject({ code: 0 });
    expect(exported.out).toContain('1 commits');
    expect(readdirSync(folder.path('served')).filter(name => name !== 'search')).toEqual([]);
  });

  it('is neither served nor born where conditions are ignored', async () => {
    const server = await s3ServerForTest({ ignoresConditions: true });
    const env = environment(server, 'refused');
    for (const args of [
      ['serve', '--port', '0'],
      ['wiki', 'create'],
    ]) {
      const { code, err } = await kittiwake(args, { env });
      expect(code).not.toBe(0);
      expect(err).toContain('ignores If-None-Match, so that writers would overwrite each other');
    }
  });

  it('is not born beside one whose name was lost', async () => {
    const { done, run, send, data } = await servedBucket();
    await done(['wiki', 'create']);
    await send('DELETE', 'some/wiki/wikis/main');
    const { code, err } = await run(['serve', '--port', '0']);
    expect(code).not.toBe(0);
    const [, uuid = ''] = /it holds "ledger\/([0-9a-f]{32})" and no name of a wiki;/.exec(err) ?? [];
    expect(err).toMatch(/\(wiki_lost\)\n$/);
    expect(readdirSync(data)).toEqual([]);
    expect(await done(['doctor', '--wiki', uuid])).toMatch(/Sound\n$/);
  });

  it('is not born again where its ledger is kept as an older version', async () => {
    const { done, run, send, serve } = await servedBucket();
    const created = await done(['wiki', 'create']);
    const [uuid = ''] = /[0-9a-f]{32}/.exec(created) ?? [];
    await send('DELETE', `some/wiki/ledger/${uuid}`);
    const { code, err } = await run(['wiki', 'create']);
    expect(code).not.toBe(0);
    expect(err).toContain(`holds packs or older ledgers of ${uuid} but not its ledger`);
    expect(await done(['restore'])).toContain('current, deleted: there is no ledger');
    const server = await serve();
    expect((await server.call('GET', '/pages')).status).not.toBe(200);
    expect((await server.stop()).err).toContain('warning: the wiki has no ledger');
  });

  it('is not looked for in a bucket that is not there', async () => {
    const server = await s3ServerForTest();
    const env = { ...environment(server, 'absent'), KITTIWAKE_STORE: 's3://elsewhere' };
    const { code, err } = await kittiwake(['serve', '--port', '0'], { env });
    expect(code).not.toBe(0);
    expect(err).toContain('has no bucket "elsewhere", create it or correct the store');
  });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createS3ByteStore } from '../../src/storage/s3/s3.ts';
import { type CephForTest, cephForTest } from '../support/ceph.ts';
import { git, temporaryFolder } from '../support/git-command.ts';
import { needs } from '../support/needs.ts';
import { type BucketCli, bucketCli } from '../support/s3-cli.ts';
import { logged } from '../support/served-wiki.ts';

/** Commands on a wiki in a bucket of Ceph. */
async function cephCli(ceph: CephForTest): Promise<BucketCli & { bucket: string }> {
  const bucket = await ceph.createBucket();
  const cli = bucketCli({
    KITTIWAKE_STORE: `s3://${bucket}/some/wiki`,
    AWS_ENDPOINT_URL_S3: ceph.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: ceph.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ceph.secretAccessKey,
  });
  return { ...cli, bucket };
}

function pages(...names: string[]): string {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  for (const name of names) writeFileSync(join(folder, `${name}.md`), `# ${name}\n`);
  return folder;
}

async function enableVersioning({ request }: CephForTest, bucket: string): Promise<void> {
  const body = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
  expect((await request('PUT', `/${bucket}`, { query: { versioning: '' }, body })).status).toBe(200);
}

/** The keys of a bucket, without those of deleted objects. */
async function keysIn({ request }: CephForTest, bucket: string): Promise<string[]> {
  const { body } = await request('GET', `/${bucket}`, { query: { 'list-type': '2' } });
  return Array.from(body.toString().matchAll(/<Key>(.*?)<\/Key>/g), match => match[1] ?? '');
}

describe('on Ceph', () => {
  it('a wiki is created, served, imported, flushed, collected, examined and exported', async ctx => {
    needs(ctx, 'git');
    const ceph = cephForTest(ctx);
    const cli = await cephCli(ceph);
    expect(await cli.done(['wiki', 'create'])).toContain(`s3://${cli.bucket}/some/wiki`);
    const server = await cli.serve();
    expect((await server.call('PUT', '/pages/Intro', { content: '# Intro\n' })).status).toBe(201);
    expect((await server.call('GET', '/search?q=intro')).body.results).toHaveLength(1);
    expect(await cli.done(['import', pages('one', 'two')])).toContain('Imported 2 pages');
    expect(await server.text('One')).toBe('# one\n');
    expect((await server.stop()).code).toBe(0);
    await cli.done(['flush']);
    expect(await cli.done(['gc', '--orphans-after', '0', '--readers-grace', '0'])).toContain('condemned');
    expect(await cli.done(['doctor'])).toMatch(/2 commits, 3 files, .*\nSound\n$/);
    const target = join(temporaryFolder(), 'wiki.git');
    await cli.done(['export', target]);
    git(target, ['fsck', '--full', '--strict']);
    expect(git(target, ['rev-list', '--count', 'main']).toString()).toBe('2\n');
  });

  it('a wiki is lost with its ledger, and says so', async ctx => {
    const ceph = cephForTest(ctx);
    const cli = await cephCli(ceph);
    await cli.done(['import', pages('one')]);
    const server = await cli.serve();
    expect(await server.text('One')).toBe('# one\n');
    const keys = await keysIn(ceph, cli.bucket);
    await ceph.request('DELETE', `/${cli.bucket}/${keys.find(key => key.includes('/ledger/'))}`);
    expect((await server.call('PUT', '/pages/New', { content: 'x' })).status).toBe(500);
    const failed = logged(await server.stop()).filter(({ event }) => event === 'request_failed');
    expect(failed).toMatchObject([{ level: 'error', code: 'object_lost' }]);
    expect((await cli.run(['import', pages('two')])).err).toMatch(/\(wiki_lost\)\n$/);
    expect(await keysIn(ceph, cli.bucket)).toHaveLength(keys.length - 1);
  });

  it('no wiki is made in a bucket with versioning, where every creator of an object wins', async ctx => {
    const ceph = cephForTest(ctx);
    const cli = await cephCli(ceph);
    await enableVersioning(ceph, cli.bucket);
    const path = `/${cli.bucket}/object`;
    const puts = Array.from({ length: 8 }, (_, at) =>
      ceph.request('PUT', path, { headers: { 'if-none-match': '*' }, body: `${at}` }),
    );
    const statuses = (await Promise.all(puts)).map(({ status }) => status);
    const { code, err } = await cli.run(['wiki', 'create']);
    if (statuses.filter(status => status === 200).length === 1) expect(code).toBe(0);
    else expect(err).toMatch(/ignores If-None-Match.* \(storage_unconditional\)\n$/);
  });

  it('older versions of an object are listed and read, newest first', async ctx => {
    const ceph = cephForTest(ctx);
    const { bucket } = await cephCli(ceph);
    await enableVersioning(ceph, bucket);
    const { endpoint, accessKeyId, secretAccessKey } = ceph;
    const variables = { accessKeyId, secretAccessKey };
    const store = createS3ByteStore({ bucket, prefix: 'w', region: 'us-east-1', endpoint, variables });
    for (const text of ['one', 'two', 'three'])
      await store.put('k', [Buffer.from(text)], { immutable: true });
    await store.put('k-longer', [Buffer.from('another')], { immutable: true });
    await store.delete(['k']);
    const versions = await Array.fromAsync(store.versions('k'));
    expect(versions.map(({ size, isCurrent, isDeleted }) => [size, isCurrent, isDeleted])).toEqual([
      [0, true, true],
      [5, false, false],
      [3, false, false],
      [3, false, false],
    ]);
    const read = async (at: number) => store.getVersion('k', versions[at]?.id ?? '', { range: { start: 1 } });
    expect(await read(1)).toMatchObject({ kind: 'found', bytes: Buffer.from('hree'), size: 5 });
    expect(await read(3)).toMatchObject({ kind: 'found', bytes: Buffer.from('ne'), size: 3 });
    expect(await store.get('k')).toEqual({ kind: 'absent' });
  });

  it('what is wrong with the bucket is said', async ctx => {
    const ceph = cephForTest(ctx);
    const cli = await cephCli(ceph);
    const before = await keysIn(ceph, cli.bucket);
    for (const [changed, code] of [
      [{ KITTIWAKE_STORE: 's3://no-such-bucket' }, 'storage_bucket_absent'],
      [{ AWS_ACCESS_KEY_ID: 'nobody' }, 'storage_denied'],
      [{ AWS_SECRET_ACCESS_KEY: 'wrong' }, 'storage_denied'],
    ] as const) {
      const { err } = await cli.run(['wiki', 'create'], changed);
      expect(err).toMatch(new RegExp(`^error: [^\\n]* \\(${code}\\)\\n$`));
    }
    expect(await keysIn(ceph, cli.bucket)).toEqual(before);
  });
});

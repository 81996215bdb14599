import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { follow, ROOT, startKittiwake, temporaryFolder } from '../support/cli.ts';
import { needs } from '../support/needs.ts';
import { servedBucket } from '../support/s3-cli.ts';
import { enableVersioning } from '../support/s3-server.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The blocks of a language, which the README says work as they stand. */
function blocks(language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms');
  return [...README.matchAll(pattern)].map(match => match[1] ?? '');
}

describe('the README', () => {
  it('shows calls that work as they stand, one after the other', async ctx => {
    needs(ctx, 'curl');
    mkdirSync(folder.path('data'));
    writeFileSync(folder.path('data', 'api-key'), 'key\n', { mode: 0o600 });
    const server = startKittiwake(['serve', '--port', '0', '--data', folder.path('data')], {
      cwd: folder.path(),
    });
    const url = (await server.line(/ at http/)).replace(/^.* at /, '');
    const script = blocks('sh')
      .join('\n')
      .replace('http://127.0.0.1:8080', url)
      .replace('curl -sS', "curl -sS -w '%{stderr}%{http_code}\\n'");
    const { code, out, err } = await follow(['sh', '-e', '-c', script], { cwd: folder.path() }).finished;
    server.child.kill('SIGTERM');
    await server.finished;
    expect({ code, err: err.replace(/^\d{3}$/gm, '').trim() }).toEqual({ code: 0, err: '' });
    const statuses = [...err.matchAll(/^(\d{3})$/gm)].map(match => Number(match[1]));
    expect(statuses.length).toBe(script.match(/\bcall [-$"]/g)?.length);
    expect(statuses.filter(status => status >= 300)).toEqual([]);
    expect(out).toContain('"snippet":"# Introduction\\n\\nSee [[Docs/Setup]] first."');
  });

  it('shows commands for a wiki in S3 that work as they stand, with the permissions it names', async () => {
    const wanted = { buckets: ['my-bucket'], region: 'eu-central-1', versioning: false };
    const { env, server, send, done, serve } = await servedBucket(wanted);
    await enableVersioning(send, 'my-bucket');
    const allowed: string[] = JSON.parse(blocks('json')[0] ?? '').Statement.flatMap(
      (statement: { Action: string[] }) => statement.Action,
    );
    server.switches.permissions = ({ action }) => allowed.includes(action);
    mkdirSync(folder.path('pages'));
    writeFileSync(folder.path('pages', 'home.md'), '# Home\n');
    const script = blocks('sh s3').join('\n').replace('./some-folder-of-markdown', folder.path('pages'));
    const { code, out } = await follow(['sh', '-e', '-c', script], { cwd: ROOT, env }).finished;
    expect(code).toBe(0);
    expect(out).toContain('Created the wiki "main" in s3://my-bucket/wiki');
    expect(out).toContain('Imported 1 page');
    expect(out).toMatch(/1 commits, 1 files, .*\nSound\n/);
    expect(out).toMatch(/^\S+ +20\S+Z +[0-9a-f]{10} +1 commit +current$/m);
    const store = { KITTIWAKE_STORE: 's3://my-bucket/wiki' };
    const wiki = await serve(store);
    expect(await wiki.text('Home')).toBe('# Home\n');
    const body = Buffer.alloc(20 << 20, 'x');
    const headers = { 'content-type': 'application/octet-stream' };
    const big = await wiki.send('POST', '/pages/Home/attachments?filename=big.bin', { body, headers });
    expect(big.status).toBe(201);
    await wiki.stop();
    await done(['gc', '--orphans-after', '0', '--readers-grace', '0'], store);
    const [, , , second = ''] = (await done(['restore'], store)).split('\n');
    expect(await done(['restore', '--version', second.split(' ')[0] ?? '', '--apply'], store)).toContain(
      'Restored: ',
    );
    const refused = server.requests.all.filter(({ code: error }) => error === 'AccessDenied');
    expect(refused.map(({ operation, key }) => [operation, key])).toEqual([]);
  }, 60_000);
});

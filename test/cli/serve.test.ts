import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { follow, kittiwake, ROOT, type RunningCli, startKittiwake, temporaryFolder } from '../support/cli.ts';
import { needs } from '../support/needs.ts';

const folder = temporaryFolder();
const running: RunningCli[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) {
    each.child.kill('SIGKILL');
    await each.finished;
  }
});
afterAll(() => folder.remove());

async function serve(data: string, env: Record<string, string> = {}, args: string[] = []) {
  const server = startKittiwake(['serve', '--port', '0', '--data', data, '--log-level', 'silent', ...args], {
    env,
  });
  running.push(server);
  const curl = (await server.line(/^Try: /)).replace('Try: ', '');
  const url = (await server.line(/ at http/)).replace(/^.* at /, '');
  return { server, curl, url };
}

async function stop(server: RunningCli) {
  server.child.kill('SIGINT');
  return await server.finished;
}

describe('kittiwake serve', () => {
  it('makes a wiki and a key on the first start, shows the key once and keeps it to its owner', async () => {
    const data = folder.path('first');
    const { server, url } = await serve(data);
    const line = await server.line(/^API key/);
    const key = readFileSync(folder.path('first', 'api-key'), 'utf8').trim();
    expect(line.endsWith(` ${key}`)).toBe(true);
    expect(key.length).toBeGreaterThan(30);
    expect(statSync(folder.path('first', 'api-key')).mode & 0o777).toBe(0o600);
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ content: '# Hello' });
    const put = await fetch(`${url}/api/v1/pages/home`, { method: 'PUT', headers, body });
    expect(put.status).toBe(201);
    expect((await stop(server)).code).toBe(0);

    const again = await serve(data);
    const page = await (await fetch(`${again.url}/api/v1/pages/home`, { headers })).json();
    expect(page).toMatchObject({ content: '# Hello' });
    const { out, err } = await stop(again.server);
    expect(out + err).not.toContain(key);
  });

  it('prints a curl line that works', async ctx => {
    needs(ctx, 'curl');
    const { curl } = await serve(folder.path("it's a folder"));
    const { code, out } = await follow(['sh', '-c', curl]).finished;
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ pages: [], total: 0 });
  });

  it('prints a curl line that works from npm start', async ctx => {
    needs(ctx, 'curl');
    const args = ['npm', 'start', '--silent', '--', '--port', '0', '--data', folder.path('npm')];
    const server = follow(args, { cwd: ROOT, group: true });
    const curl = (await server.line(/^Try: /)).replace('Try: ', '');
    const { out } = await follow(['sh', '-c', curl], { cwd: ROOT }).finished;
    process.kill(-(server.child.pid ?? 0), 'SIGTERM');
    await server.finished;
    expect(JSON.parse(out)).toEqual({ pages: [], total: 0 });
  });

  it('uses the key it is given and keeps none', async () => {
    const { url, curl } = await serve(folder.path('given'), { OTTERWIKI_API_KEY: 'my-key' });
    expect(curl).toContain('Bearer $KITTIWAKE_API_KEY');
    expect(existsSync(folder.path('given', 'api-key'))).toBe(false);
    const answers = ['my-key', 'other'].map(key =>
      fetch(`${url}/api/v1/pages`, { headers: { authorization: `Bearer ${key}` } }),
    );
    expect((await Promise.all(answers)).map(answer => answer.status)).toEqual([200, 401]);
  });

  it('refuses a key file that holds no key, and says what to do', async () => {
    mkdirSync(folder.path('broken'));
    writeFileSync(folder.path('broken', 'api-key'), 'two words\n', { mode: 0o600 });
    const { code, err } = await kittiwake(['serve', '--port', '0', '--data', folder.path('broken')]);
    expect(code).toBe(1);
    expect(err).toMatch(/api-key".*delete the file.*\(key_file_invalid\)\n$/);
    expect(err).not.toContain('two words');
  });

  it('warns when others can read the key', async () => {
    mkdirSync(folder.path('open'));
    writeFileSync(folder.path('open', 'api-key'), 'a-key\n');
    chmodSync(folder.path('open', 'api-key'), 0o644);
    const { server } = await serve(folder.path('open'));
    expect((await stop(server)).err).toContain('chmod 600');
  });

  it('says that a port is taken', async () => {
    const { url } = await serve(folder.path('one'));
    const { port } = new URL(url);
    const { code, err } = await kittiwake(['serve', '--port', port, '--data', folder.path('two')]);
    expect(code).toBe(1);
    expect(err).toMatch(/^error: Cannot listen on 127\.0\.0\.1:\d+: another program.*\(listen_failed\)\n$/);
  });

  it('names the file when the data folder cannot be written, and leaves what stands there', async () => {
    writeFileSync(folder.path('a-file'), 'mine');
    const { code, err } = await kittiwake(['serve', '--port', '0', '--data', folder.path('a-file', 'data')]);
    expect(code).toBe(1);
    expect(err).toMatch(/^error: [^\n]*a-file[^\n]* \([a-z_]+\)\n$/);
    expect(readFileSync(folder.path('a-file'), 'utf8')).toBe('mine');
  });

  it('creates no wiki in a folder that holds other things', async () => {
    mkdirSync(folder.path('documents'));
    writeFileSync(folder.path('documents', 'letter.txt'), 'dear');
    const { code, err } = await kittiwake(['serve', '--port', '0', '--data', folder.path('documents')]);
    expect(code).toBe(1);
    expect(err).toMatch(/letter\.txt.*\(folder_not_ours\)\n$/);
    expect(readdirSync(folder.path('documents'))).toEqual(['letter.txt']);
    const create = await kittiwake(['wiki', 'create', '--data', folder.path('documents')]);
    expect(create.code).toBe(0);
    expect((await kittiwake(['wiki', 'create', '--data', folder.path('documents')])).err).toContain(
      '(wiki_exists)',
    );
  });

  it('finishes the requests under way when it is stopped', async () => {
    const { server, url } = await serve(folder.path('graceful'), { KITTIWAKE_API_KEY: 'key' });
    const headers = { authorization: 'Bearer key', 'content-type': 'application/json' };
    const writes = Array.from({ length: 20 }, (_, index) =>
      fetch(`${url}/api/v1/pages/p${index}`, { method: 'PUT', headers, body: '{"content":"x"}' }).then(
        answer => answer.status,
        () => 'refused',
      ),
    );
    await Promise.race(writes);
    expect((await stop(server)).code).toBe(0);
    const statuses = await Promise.all(writes);
    const again = await serve(folder.path('graceful'), { KITTIWAKE_API_KEY: 'key' });
    const pages = await (await fetch(`${again.url}/api/v1/pages`, { headers })).json();
    expect(pages).toMatchObject({ total: statuses.filter(status => status === 201).length });
    expect(statuses.filter(status => status !== 201 && status !== 'refused')).toEqual([]);
  });
});

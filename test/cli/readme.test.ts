import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { follow, ROOT, startKittiwake, temporaryFolder } from '../support/cli.ts';
import { needs } from '../support/needs.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** The blocks that the README says work as they stand. */
const blocks = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)].map(
  match => match[1] ?? '',
);

describe('the README', () => {
  it('shows calls that work as they stand, one after the other', async ctx => {
    needs(ctx, 'curl');
    mkdirSync(folder.path('data'));
    writeFileSync(folder.path('data', 'api-key'), 'key\n', { mode: 0o600 });
    const server = startKittiwake(['serve', '--port', '0', '--data', folder.path('data')], {
      cwd: folder.path(),
    });
    const url = (await server.line(/ at http/)).replace(/^.* at /, '');
    const script = blocks
      .join('\n')
      .replace('http://127.0.0.1:8080', url)
      .replaceAll('curl -sS', "curl -sS -w '%{stderr}%{http_code}\\n'");
    const { code, out, err } = await follow(['sh', '-e', '-c', script], { cwd: folder.path() }).finished;
    server.child.kill('SIGTERM');
    await server.finished;
    expect({ code, err: err.replace(/^\d{3}$/gm, '').trim() }).toEqual({ code: 0, err: '' });
    const statuses = [...err.matchAll(/^(\d{3})$/gm)].map(match => Number(match[1]));
    expect(statuses.length).toBe(script.match(/\b(?:call|send) [-$"]/g)?.length);
    expect(statuses.filter(status => status >= 300)).toEqual([]);
    expect(out).toContain('"snippet":"# Introduction\\n\\nSee [[Docs/Setup]] first."');
  });
});

import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type RunningCli, startKittiwake, temporaryFolder } from '../support/cli.ts';
import { expectExamined } from '../support/data-folder.ts';

const folder = temporaryFolder();
const running: RunningCli[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) {
    each.child.kill('SIGKILL');
    await each.finished;
  }
});
afterAll(() => folder.remove());

const KEY = 'a-key-that-is-only-for-this-test';
const TEXT = 'Kittiwakes nest on narrow ledges. '.repeat(30);

async function serve(data: string): Promise<{ server: RunningCli; url: string }> {
  const env = { KITTIWAKE_IMPORT_BATCH: '1MiB', KITTIWAKE_API_KEY: KEY };
  const args = ['serve', '--port', '0', '--data', data, '--log-level', 'warn'];
  const server = startKittiwake(args, { env });
  running.push(server);
  return { server, url: (await server.line(/ at http/)).replace(/^.* at /, '') };
}

function call(url: string, method: string, path: string, body?: string, type = 'application/json') {
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': type };
  return fetch(`${url}/api/v1/${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
}

function csvOf(rows: number, name = 'page'): string {
  const lines = Array.from({ length: rows }, (_, n) => `area ${n % 7}/${name} ${n},"${TEXT}"\n`);
  return `path,content\n${lines.join('')}`;
}

/** Starts an import, and sends its source. Resolves with its id. */
async function start(url: string, csv: string): Promise<string> {
  const wish = JSON.stringify({ name: 'birds.csv', size: Buffer.byteLength(csv) });
  const made = (await (await call(url, 'POST', 'imports', wish)).json()) as { id: string };
  const sent = await call(url, 'PUT', `imports/${made.id}/source`, csv, 'text/csv');
  expect([200, 202]).toContain(sent.status);
  return made.id;
}

async function ended(url: string, id: string): Promise<Record<string, unknown>> {
  for (;;) {
    const job = (await (await call(url, 'GET', `imports/${id}`)).json()) as Record<string, unknown>;
    if (['done', 'failed', 'cancelled'].includes(String(job.state))) return job;
    await wait(100);
  }
}

describe('a server', () => {
  it('carries imports out beside its answers, and finds their pages at once', {
    timeout: 120_000,
  }, async () => {
    const data = folder.path('one');
    const { server, url } = await serve(data);
    const ids = await Promise.all([start(url, csvOf(2_000)), start(url, csvOf(50, 'other'))]);
    const jobs = await Promise.all(ids.map(id => ended(url, id)));
    expect(jobs).toMatchObject([{ state: 'done' }, { state: 'done' }]);
    const page = (await (await call(url, 'GET', 'pages/area%203/page%203')).json()) as { content: string };
    expect(page.content.trim()).toBe(TEXT.trim());
    server.child.kill('SIGINT');
    expect(await server.finished).toMatchObject({ code: 0 });
    const view = await (await expectExamined(data)).view();
    expect((await view.files('')).length).toBe(2_050);
  });

  it('goes on with an import in the middle of which it was killed', { timeout: 120_000 }, async () => {
    const data = folder.path('two');
    const first = await serve(data);
    const id = await start(first.url, csvOf(12_000));
    await hasRead(first.url, id);
    first.server.child.kill('SIGKILL');
    await first.server.finished;
    const second = await serve(data);
    expect(await ended(second.url, id)).toMatchObject({ state: 'done' });
    const view = await (await expectExamined(data)).view();
    expect((await view.files('')).length).toBe(12_000);
    const log = await Array.fromAsync(view.log());
    expect(log).toHaveLength(1);
  });
});

async function hasRead(url: string, id: string): Promise<void> {
  for (;;) {
    const answer = await call(url, 'GET', `imports/${id}`);
    const { progress } = (await answer.json()) as { progress: { rows: number } };
    if (progress.rows > 0) return;
    await wait(20);
  }
}

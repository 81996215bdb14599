import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FLUSH, packet } from '../../src/net/git/pkt-line.ts';
import { openWiki } from '../http/harness.ts';
import { temporaryFolder } from '../support/cli.ts';
import { git } from '../support/git-command.ts';
import { type ServedWiki, serveWiki } from '../support/served-wiki.ts';
import { type Clone, cloneOf, remoteOf } from './clone.ts';

const NOTHING = '0'.repeat(40);

async function open(env: Record<string, string> = {}): Promise<ServedWiki> {
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  const server = await serveWiki(folder.path('wiki'), { env });
  await server.call('PUT', '/pages/docs/a', { content: 'text\n' });
  return server;
}

/** What git would send for the commits behind `before`. */
function bodyOf({ folder }: Clone, before: string, after: string, ref = 'refs/heads/main'): Buffer {
  const input = before === NOTHING ? `${after}\n` : `${after}\n^${before}\n`;
  const pack = git(folder, ['pack-objects', '--revs', '--stdout', '--thin', '--quiet'], { input });
  return Buffer.concat([Buffer.from(packet(`${before} ${after} ${ref}\0 report-status`) + FLUSH), pack]);
}

/** Sends a push ahead, and waits until it has ended. */
async function sent({ url, key }: ServedWiki, body: Buffer) {
  const ask = async (method: string, path: string, data?: string | Buffer) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const init = data === undefined ? {} : { body: typeof data === 'string' ? data : new Uint8Array(data) };
    const answer = await fetch(`${url}/.git/pushes${path}`, { method, headers, ...init });
    return JSON.parse(await answer.text());
  };
  const { id } = await ask('POST', '', JSON.stringify({ size: body.length }));
  for (let job = await ask('PUT', `/${id}/source`, body); ; job = await ask('GET', `/${id}`)) {
    if (['done', 'failed', 'cancelled'].includes(job.state)) return job;
    await wait(100);
  }
}

describe('a push that was sent ahead', () => {
  test('has landed when it comes again, whoever has gone on from there', { timeout: 60_000 }, async () => {
    const server = await open();
    const clone = await cloneOf(remoteOf(server.url, server.key));
    const before = await clone.git('rev-parse', 'HEAD');
    const after = await clone.commit({ 'docs/b.md': 'b\n' });
    const body = bodyOf(clone, before, after);
    expect(await sent(server, body)).toMatchObject({ state: 'done', commits: [after], failure: null });
    const { revision } = (await server.call('PUT', '/pages/docs/c', { content: 'c\n' })).body;
    expect(await sent(server, body)).toMatchObject({ state: 'done', commits: [after] });
    await clone.git('pull', '--quiet');
    expect(await clone.git('log', '--format=%H')).toBe(`${revision}\n${after}\n${before}`);
    // Neither is a way back.
    const back = bodyOf(clone, after, before);
    expect(await sent(server, back)).toMatchObject({ state: 'failed', failure: { code: 'ref_moved' } });
  });

  test('is refused for what it is, and tried once', { timeout: 60_000 }, async () => {
    const server = await open();
    const clone = await cloneOf(remoteOf(server.url, server.key));
    const before = await clone.git('rev-parse', 'HEAD');
    await clone.git('checkout', '--quiet', '--orphan', 'other');
    const stranger = await clone.commit({ 'docs/b.md': 'b\n' });
    const whole = bodyOf(clone, NOTHING, stranger);
    const onMain = bodyOf(clone, before, stranger);
    const cases: [code: string, body: Buffer][] = [
      ['git_request_invalid', Buffer.from('path,content\n')],
      ['git_request_invalid', Buffer.from(FLUSH)],
      ['ref_moved', whole],
      ['not_fast_forward', onMain],
      ['pack_corrupt', onMain.subarray(0, -30)],
      ['git_ref_refused', bodyOf(clone, NOTHING, stranger, 'refs/heads/other')],
    ];
    for (const [code, body] of cases)
      expect(await sent(server, body), code).toMatchObject({ state: 'failed', failure: { code } });
    const { entries } = (await server.call('GET', '/changelog')).body;
    expect(entries.map((entry: { revision: string }) => entry.revision)).toEqual([before]);
  });
});

test('a push is announced to a wiki that takes pushes, by who may push there', async () => {
  const wiki = await openWiki({ KITTIWAKE_IMPORT_MAX: '1MiB' });
  await wiki.write('docs/a', 'text\n');
  const token = async (rights: string[]) =>
    (await wiki.call('POST', '/tokens', { name: rights.join(), rights })).body.token;
  const ask = async (authorization: string, { path = '/.git/pushes', method = 'POST', size = 100 } = {}) => {
    const headers = { authorization, 'content-type': 'application/json' };
    const body = method === 'POST' ? Buffer.from(JSON.stringify({ size })) : Buffer.alloc(0);
    const answer = await wiki.service.app.handle({ method, path, query: '', headers, body });
    const { code = null, id } = JSON.parse(String(answer.body));
    return { status: answer.status, code, id };
  };
  const key = 'Bearer test-key';
  const writer = `Bearer ${await token(['read', 'write'])}`;
  expect(await ask('')).toMatchObject({ status: 401, code: 'auth_missing' });
  expect(await ask(`Bearer ${await token(['read'])}`)).toMatchObject({ status: 403, code: 'forbidden' });
  expect(await ask(key, { path: '/other.git/pushes' })).toMatchObject({ code: 'git_repository_absent' });
  expect(await ask(key, { size: 0 })).toMatchObject({ status: 422, code: 'body_invalid' });
  expect(await ask(key, { size: 2 << 20 })).toMatchObject({ status: 413, code: 'import_too_large' });
  const { status, id } = await ask(writer);
  expect(status).toBe(201);
  const path = `/main.git/pushes/${id}`;
  expect(await ask(writer, { path, method: 'GET' })).toMatchObject({ status: 200, code: null });
  const stranger = `Bearer ${await token(['write', 'upload'])}`;
  expect(await ask(stranger, { path, method: 'GET' })).toMatchObject({
    status: 404,
    code: 'import_not_found',
  });
  expect(await ask(writer, { path: `${path}/cancel` })).toMatchObject({ status: 202 });

  const off = await openWiki({ KITTIWAKE_GIT_SERVER: 'false' });
  const { status: absent } = await off.service.app.handle({
    method: 'POST',
    path: '/.git/pushes',
    query: '',
    headers: { authorization: key },
    body: Buffer.from('{"size": 1}'),
  });
  expect(absent).toBe(404);
});

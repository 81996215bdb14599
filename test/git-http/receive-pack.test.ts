import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FLUSH, packet } from '../../src/net/git/pkt-line.ts';
import { KEY, openWiki } from '../http/harness.ts';

const ZERO = '0'.repeat(40);
const ONE = '1'.repeat(40);
const ASKED = '\0 report-status side-band-64k agent=test';

/** Git's requests by hand: what git itself would never send. */
async function openReceiver(env: Record<string, string> = {}) {
  const wiki = await openWiki(env);
  const send = async (method: string, path: string, body: Uint8Array | string, headers = {}) => {
    const [at = '', query = ''] = path.split('?');
    const request = {
      method,
      path: at,
      query,
      headers: { authorization: `Bearer ${KEY}`, ...headers } as Record<string, string>,
      body: Buffer.from(body),
    };
    const answer = await wiki.service.app.handle(request);
    return { status: answer.status, headers: answer.headers, text: String(answer.body) };
  };
  const push = (body: Uint8Array | string, headers = {}) =>
    send('POST', '/.git/git-receive-pack', body, headers);
  return { ...wiki, send, push };
}

const command = (ref = 'refs/heads/main', after = ONE, before = ZERO) =>
  packet(`${before} ${after} ${ref}${ASKED}`) + FLUSH;

describe('receive-pack', () => {
  test('offers what it can do, also where there is nothing yet', async () => {
    const { send } = await openReceiver();
    const { status, headers, text } = await send('GET', '/.git/info/refs?service=git-receive-pack', '');
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'application/x-git-receive-pack-advertisement',
      expect.stringContaining('no-cache'),
    ]);
    expect(text).toMatch(/^001f# service=git-receive-pack\n0000[0-9a-f]{4}0{40} capabilities\^\{\}\0/);
    expect(text).toMatch(/report-status .*side-band-64k .*atomic .*object-format=sha1/);
  });

  test('answers the request by which git tries its password with nothing', async () => {
    const { push } = await openReceiver();
    for (const body of [FLUSH, '']) expect(await push(body)).toMatchObject({ status: 200, text: '' });
    expect((await push(FLUSH, { authorization: '' })).status).toBe(401);
    expect((await push(FLUSH, { authorization: '' })).headers['www-authenticate']).toMatch(/^Basic /);
  });

  test.each([
    ['that is no packet', 'hello', 'its body is not made of packets'],
    ['that ends within a packet', '00ff0000', 'its body is cut off'],
    ['without a command', packet('hello') + FLUSH, '"hello" is no command'],
    ['with a command of another protocol', `0001${FLUSH}`, 'a command is missing'],
    [
      'that changes a ref twice',
      packet(`${ZERO} ${ONE} refs/heads/a${ASKED}`) + command('refs/heads/a'),
      'twice',
    ],
    ['that wants no report', packet(`${ZERO} ${ONE} refs/heads/main\0 atomic`) + FLUSH, 'what becomes of it'],
    [
      'of SHA-256',
      packet(`${ZERO} ${ONE} refs/heads/main${ASKED} object-format=sha256`) + FLUSH,
      'not offered',
    ],
    ['with a long name', command(`refs/heads/${'x'.repeat(300)}`), 'longer than 255 bytes'],
    [
      'of too many refs',
      Array.from({ length: 1_001 }, (_, n) => packet(`${ZERO} ${ONE} refs/heads/${n}${ASKED}`)).join(''),
      '1000 refs',
    ],
  ])('refuses a request %s', async (_, body, why) => {
    const { push, head } = await openReceiver();
    const { status, headers, text } = await push(body);
    expect([status === 400 || status === 413, headers['content-type']]).toEqual([
      true,
      'text/plain; charset=utf-8',
    ]);
    expect(text).toContain(why);
    expect(await head()).toBeUndefined();
  });

  test('inflates what is packed, and refuses what only says so', async () => {
    const { push } = await openReceiver();
    const gzip = { 'content-encoding': 'gzip' };
    expect((await push(gzipSync(FLUSH), gzip)).status).toBe(200);
    expect((await push(gzipSync(command('refs/heads/x')), gzip)).text).toContain('ng refs/heads/x');
    expect(await push('no gzip', gzip)).toMatchObject({
      status: 400,
      text: expect.stringContaining('no gzip'),
    });
    expect((await push(gzipSync('x'.repeat(99)).subarray(0, 15), gzip)).status).toBe(400);
    expect((await push(FLUSH, { 'content-encoding': 'br' })).text).toContain('wanted gzip');
  });

  test.each([
    ['is none', 'PACK of lies', 'pack_corrupt'],
    ['is missing', '', 'pack_corrupt'],
    ['holds nothing that its ref names', emptyPack(), 'object_missing'],
  ])('reports a pack that %s, and nothing changes', async (_, pack, code) => {
    const { push, head } = await openReceiver();
    const { status, text } = await push(Buffer.concat([Buffer.from(command()), Buffer.from(pack)]));
    expect([status, text]).toEqual([200, expect.stringContaining(`ng refs/heads/main refused (${code})`)]);
    expect(text).toContain('unpack ok');
    expect(text).not.toContain('Internal error');
    expect(await head()).toBeUndefined();
  });

  test('tells what was refused to the log, without names of pages', async () => {
    const { push, lines } = await openReceiver();
    await push(command('refs/heads/idea'));
    expect(lines.find(({ event }) => event === 'git_refused')).toMatchObject({
      operation: 'push',
      principal: 'api-key',
      code: 'git_ref_refused',
    });
  });

  test('is not there where git is switched off, or for another wiki', async () => {
    const off = await openReceiver({ KITTIWAKE_GIT_SERVER: 'false' });
    expect(await off.push(command())).toMatchObject({
      status: 404,
      text: expect.stringContaining('git_server_off'),
    });
    const { send } = await openReceiver();
    expect((await send('POST', '/other.git/git-receive-pack', command())).status).toBe(404);
  });
});

/** No objects, and the right checksum. */
function emptyPack(): Buffer {
  const head = Buffer.from('5041434b0000000200000000', 'hex');
  return Buffer.concat([head, Buffer.from('029d08823bd8a8eab510ad6ac75c823cfd3ed31e', 'hex')]);
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseRanges } from '../../../src/net/addresses.ts';
import { type PostOptions, post } from '../../../src/projection/webhook/post.ts';
import { localhostCertificate } from '../../support/certificate.ts';
import { needs } from '../../support/needs.ts';
import { startReceiver } from './receiver.ts';

const allowed = parseRanges(['127.0.0.1']);
const LOCAL = { address: '127.0.0.1', family: 4 };

function certificate() {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-webhook-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return localhostCertificate(folder);
}

function send(url: string, options: Partial<PostOptions> = {}, timeoutMs = 5_000) {
  return post({ url, headers: { 'x-test': '1' }, body: '{}', timeoutMs }, { allowed, ...options });
}

describe('a request to a webhook', () => {
  it('reaches the address that a name was resolved to, with the name as its host', async () => {
    const receiver = await startReceiver();
    const url = `http://hooks.example.org:${receiver.port}/here?x=1`;
    expect(await send(url, { resolve: async () => [LOCAL] })).toEqual({ kind: 'answered', status: 204 });
    const [{ path, headers, text } = { path: '', headers: {}, text: '' }] = receiver.received;
    expect([path, headers.host, headers['x-test'], text]).toEqual([
      '/here?x=1',
      `hooks.example.org:${receiver.port}`,
      '1',
      '{}',
    ]);
  });

  it('is not made where one of the addresses of a name is private', async () => {
    const receiver = await startReceiver();
    const url = `http://hooks.example.org:${receiver.port}/`;
    const mixed = [
      { address: '8.8.8.8', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    for (const found of [mixed, [LOCAL], []]) {
      const options = { allowed: parseRanges([]), resolve: async () => found };
      expect(await send(url, options)).toMatchObject({ code: 'webhook_address_refused' });
    }
    expect(receiver.received).toEqual([]);
  });

  it('goes to the address that was checked, whatever the name is said to be afterwards', async () => {
    const receiver = await startReceiver();
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return [asked === 1 ? LOCAL : { address: '10.0.0.1', family: 4 }];
    };
    expect(await send(`http://hooks.example.org:${receiver.port}/`, { resolve })).toMatchObject({
      status: 204,
    });
    expect(asked).toBe(1);
  });

  it('follows three redirects, and keeps its method and body', async () => {
    const receiver = await startReceiver();
    const to = (location: string, status = 307) => ({ status, location });
    receiver.replies.push(to('/a'), to('b', 301), to(`${receiver.url}/c`, 308), 200);
    expect(await send(receiver.url)).toEqual({ kind: 'answered', status: 200 });
    expect(receiver.received.map(({ path, text }) => `${path} ${text}`)).toEqual([
      '/hook {}',
      '/a {}',
      '/b {}',
      '/hook/c {}',
    ]);
    receiver.replies.push(to('/a'), to('/b'), to('/c'), to('/d'));
    expect(await send(receiver.url)).toMatchObject({ code: 'webhook_redirect_refused' });
    expect(receiver.received).toHaveLength(8);
  });

  it('follows no redirect to where no request may go', async () => {
    const receiver = await startReceiver();
    const resolve = async () => [{ address: '10.0.0.1', family: 4 }];
    for (const location of [
      'http://169.254.169.254/latest',
      'http://[::1]/',
      'http://inside.example.org/',
      'http://user:secret@127.0.0.1/',
      'ftp://127.0.0.1/',
    ]) {
      receiver.replies.push({ status: 307, location });
      expect(await send(receiver.url, { resolve }), location).toMatchObject({
        code: 'webhook_address_refused',
      });
    }
    expect(receiver.received).toHaveLength(5);
  });

  it('answered with a redirect that asks for another method is answered with that', async () => {
    const receiver = await startReceiver();
    receiver.replies.push({ status: 303, location: '/a' });
    expect(await send(receiver.url)).toEqual({ kind: 'answered', status: 303 });
    expect(receiver.received).toHaveLength(1);
  });

  it('is given up when there is no answer, also by the name service', async () => {
    const receiver = await startReceiver();
    receiver.replies.push('hang');
    expect(await send(receiver.url, {}, 200)).toMatchObject({ code: 'webhook_timeout' });
    const resolve = () => new Promise<never>(() => {});
    expect(await send('http://hooks.example.org/', { resolve }, 200)).toMatchObject({
      code: 'webhook_timeout',
    });
  });

  it('that nobody listens to, or whose name is unknown, fails', async () => {
    const resolve = async () => {
      throw Object.assign(new Error('queryA ENOTFOUND'), { code: 'ENOTFOUND' });
    };
    expect(await send('http://hooks.example.org/', { resolve })).toEqual({
      kind: 'failed',
      code: 'webhook_unreachable',
      reason: 'ENOTFOUND',
    });
    expect(await send('http://127.0.0.1:1/')).toMatchObject({ code: 'webhook_unreachable' });
  });

  it('does not read an endless answer', async () => {
    const receiver = await startReceiver();
    receiver.replies.push({ status: 200, bytes: 50_000_000 });
    expect(await send(receiver.url)).toEqual({ kind: 'answered', status: 200 });
  });
});

describe('a request to a webhook over TLS', () => {
  it('wants a certificate of the name that was asked for, whatever its address is', async ctx => {
    needs(ctx, 'openssl');
    const { cert, key } = certificate();
    const receiver = await startReceiver({ key, cert });
    const resolve = async () => [LOCAL];
    const to = (host: string) => `https://${host}:${receiver.port}/`;
    expect(await send(to('localhost'), { resolve, ca: cert })).toMatchObject({ status: 204 });
    const refused = { code: 'webhook_unreachable' };
    expect(await send(to('other.example.org'), { resolve, ca: cert })).toMatchObject(refused);
    expect(await send(to('localhost'), { resolve })).toMatchObject(refused);
    expect(await send(to('127.0.0.1'), { ca: cert })).toMatchObject(refused);
    expect(receiver.received).toHaveLength(1);
  });

  it('does not go on without it', async ctx => {
    needs(ctx, 'openssl');
    const { cert, key } = certificate();
    const secure = await startReceiver({ key, cert });
    const plain = await startReceiver();
    secure.replies.push({ status: 307, location: plain.url });
    const url = `https://localhost:${secure.port}/`;
    const came = await send(url, { resolve: async () => [LOCAL], ca: cert });
    expect(came).toMatchObject({ code: 'webhook_redirect_refused' });
    expect(plain.received).toEqual([]);
  });
});

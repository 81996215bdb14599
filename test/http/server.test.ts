import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { readBody } from '../../src/http/body.ts';
import { type App, type HttpRequest, json } from '../../src/http/message.ts';
import { type RunningServer, startServer } from '../../src/http/server.ts';

let server: RunningServer | undefined;

afterEach(async () => {
  await server?.close(0);
  server = undefined;
});

async function serve(handle: (request: HttpRequest) => ReturnType<App['handle']>, requestTimeoutMs = 5000) {
  const app: App = {
    handle: async request => {
      try {
        return await handle(request);
      } catch (error) {
        return json(413, { error: String(error) });
      }
    },
  };
  server = await startServer({ app, host: '127.0.0.1', port: 0, requestTimeoutMs, runtime: systemRuntime });
  return server;
}

const echo = async (request: HttpRequest) => {
  const body = await readBody(request, 1000);
  return json(200, { ...request, body: body.toString() });
};

/** Sends raw text and gathers what comes until the server closes the connection, or `until` has come. */
async function raw(port: number, text: string, until?: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  socket.write(text);
  let answer = '';
  for await (const chunk of socket) {
    answer += chunk;
    if (until !== undefined && answer.includes(until)) break;
  }
  return answer;
}

function closing(line: string, headers = '', body = ''): string {
  return `${line}\r\nhost: x\r\nconnection: close\r\n${headers}\r\n${body}`;
}

async function exchange(port: number, line: string, headers = '', body = '') {
  const answer = await raw(port, closing(line, headers, body));
  const text = answer.slice(answer.indexOf('\r\n\r\n') + 4);
  return { status: Number(answer.slice(9, 12)), text, answer };
}

describe('startServer', () => {
  test('hands path and query on as they were sent', async () => {
    const { port } = await serve(echo);
    const { text } = await exchange(port, 'GET /a/../%2e%2E//b?x=%20&y HTTP/1.1');
    expect(JSON.parse(text)).toMatchObject({
      method: 'GET',
      path: '/a/../%2e%2E//b',
      query: 'x=%20&y',
      body: '',
    });
  });

  test('understands an absolute address', async () => {
    const { port } = await serve(echo);
    const { text } = await exchange(port, 'GET http://wiki.example/a/b?c HTTP/1.1');
    expect(JSON.parse(text)).toMatchObject({ path: '/a/b', query: 'c' });
  });

  test('hands the body on, whole and chunked', async () => {
    const { port } = await serve(echo);
    const whole = await exchange(port, 'PUT /a HTTP/1.1', 'content-length: 5\r\n', 'hello');
    expect(JSON.parse(whole.text)).toMatchObject({ body: 'hello' });
    const chunked = await exchange(
      port,
      'PUT /a HTTP/1.1',
      'transfer-encoding: chunked\r\n',
      '2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n',
    );
    expect(JSON.parse(chunked.text)).toMatchObject({ body: 'hello' });
  });

  test('answers a body over the limit and keeps the connection', async () => {
    const { port } = await serve(echo);
    const big = 'x'.repeat(5000);
    const first = `PUT /a HTTP/1.1\r\nhost: x\r\ncontent-length: 5000\r\n\r\n${big}`;
    const answer = await raw(port, first + closing('GET /b HTTP/1.1'));
    expect(answer).toContain('HTTP/1.1 413');
    expect(answer).toContain('HTTP/1.1 200');
  });

  test('answers a streamed body over the limit', async () => {
    const { port } = await serve(echo);
    const piece = `3e8\r\n${'x'.repeat(1000)}\r\n`;
    const { status } = await exchange(
      port,
      'PUT /a HTTP/1.1',
      'transfer-encoding: chunked\r\n',
      `${piece}${piece}0\r\n\r\n`,
    );
    expect(status).toBe(413);
  });

  test('asks for a body only when it is wanted', async () => {
    const { port } = await serve(async request => (request.path === '/no' ? json(401, {}) : echo(request)));
    const expecting = 'content-length: 5\r\nexpect: 100-continue\r\n';
    const refused = await raw(port, closing('PUT /no HTTP/1.1', expecting));
    expect(refused).not.toContain('100 Continue');
    expect(refused).toContain('HTTP/1.1 401');
    const socket = net.connect(port, '127.0.0.1');
    socket.write(closing('PUT /yes HTTP/1.1', expecting));
    const [first] = await once(socket, 'data');
    expect(String(first)).toContain('100 Continue');
    socket.write('hello');
    const [second] = await once(socket, 'data');
    expect(String(second)).toContain('"body":"hello"');
    socket.destroy();
  });

  test('answers what it cannot parse in JSON', async () => {
    const { port } = await serve(echo);
    const { status, text } = await exchange(port, 'NONSENSE');
    expect([status, JSON.parse(text).code]).toEqual([400, 'http_malformed']);
  });

  test('refuses headers that are too large', async () => {
    const { port } = await serve(echo);
    const { status } = await exchange(port, 'GET / HTTP/1.1', `x: ${'y'.repeat(20_000)}\r\n`);
    expect(status).toBe(431);
  });

  test('sends bytes and streams', async () => {
    const { port } = await serve(async ({ path }) => {
      const bytes = Buffer.from([0, 255]);
      const stream = (async function* () {
        yield Buffer.from('a');
        yield Buffer.from('b');
      })();
      return { status: 200, headers: {}, body: path === '/bytes' ? bytes : stream };
    });
    expect((await exchange(port, 'GET /bytes HTTP/1.1')).answer).toContain('content-length: 2');
    expect((await exchange(port, 'GET /stream HTTP/1.1', '')).text).toBe('1\r\na\r\n1\r\nb\r\n0\r\n\r\n');
  });

  test('cuts the connection when a stream breaks off, so that it does not look complete', async () => {
    const { port } = await serve(async () => {
      const body = (async function* () {
        yield Buffer.from('a');
        throw new Error('broken');
      })();
      return { status: 200, headers: {}, body };
    });
    const answer = await raw(port, closing('GET / HTTP/1.1')).catch(() => '');
    expect(answer).not.toContain('0\r\n\r\n');
  });

  test('lives on when a client goes away', async () => {
    let arrived = () => {};
    const here = new Promise<void>(resolve => {
      arrived = resolve;
    });
    const { port } = await serve(async request => {
      if (request.path !== '/slow') return echo(request);
      arrived();
      await systemRuntime.sleep(20);
      return json(200, {});
    });
    const socket = net.connect(port, '127.0.0.1');
    socket.write(closing('GET /slow HTTP/1.1'));
    await here;
    socket.destroy();
    await systemRuntime.sleep(40);
    expect((await exchange(port, 'GET / HTTP/1.1')).status).toBe(200);
  });

  test('keeps connections', async () => {
    const { port } = await serve(echo);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (let count = 0; count < 3; count++) {
      const request = http.get({ port, host: '127.0.0.1', agent });
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      ports.add(response.socket.localPort);
      response.resume();
      await once(response, 'end');
    }
    agent.destroy();
    expect(ports.size).toBe(1);
  });

  test('lets requests under way finish when it closes', async () => {
    let arrived = () => {};
    const here = new Promise<void>(resolve => {
      arrived = resolve;
    });
    const running = await serve(async () => {
      arrived();
      await systemRuntime.sleep(60);
      return json(200, { done: true });
    });
    const answer = raw(running.port, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await here;
    await running.close();
    expect(await answer).toContain('"done":true');
    await expect(raw(running.port, 'GET / HTTP/1.1\r\n\r\n')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('cuts a client off whose body does not come, and not one that sends a long body all the time', async () => {
    const { port } = await serve(async ({ body }) => {
      if (body instanceof Uint8Array) return json(200, {});
      let bytes = 0;
      for await (const chunk of body) bytes += chunk.length;
      return json(200, { bytes });
    }, 700);
    const slow = await raw(port, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf');
    expect(slow).toContain('408 Request Timeout');
    const { request } = await import('node:http');
    const sending = request({ port, host: '127.0.0.1', method: 'PUT', agent: false });
    const answered = once(sending, 'response');
    for (let at = 0; at < 20; at += 1) {
      sending.write(Buffer.alloc(100_000));
      await systemRuntime.sleep(60);
    }
    sending.end();
    const [response] = await answered;
    response.setEncoding('utf8');
    expect(await response.toArray()).toEqual(['{"bytes":2000000}\n']);
  });

  test('says that the port is taken', async () => {
    const { port } = await serve(echo);
    const app: App = { handle: async () => json(200, {}) };
    const options = { app, host: '127.0.0.1', port, requestTimeoutMs: 1000, runtime: systemRuntime };
    await expect(startServer(options)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface GitServer {
  /** `http://127.0.0.1:PORT` */
  origin: string;
  /** Of all requests: method, URL and what they had for `Authorization`. */
  requests: { line: string; authorization: string | undefined }[];
}

export interface GitServerOptions {
  /** Repositories lie in it. */
  root: string;
  /** What `Authorization` must be; absent: anything. */
  authorization?: string;
  /** Answers in place of git; false: git answers. */
  before?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** Git's own server, `git http-backend`, as a CGI program (RFC 3875) behind a server of this process. Stopped with the test. */
export async function serveGit({ root, authorization, before }: GitServerOptions): Promise<GitServer> {
  const requests: GitServer['requests'] = [];
  const server = createServer((request, response) => {
    const given = request.headers.authorization;
    requests.push({ line: `${request.method} ${request.url}`, authorization: given });
    if (before?.(request, response)) return;
    if (authorization !== undefined && given !== authorization) response.writeHead(401).end();
    else runBackend(root, request, response);
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise(done => server.close(done));
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

function runBackend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '', 'http://localhost');
  const env = {
    PATH: process.env.PATH,
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    REQUEST_METHOD: request.method,
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    CONTENT_LENGTH: request.headers['content-length'] ?? '',
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
  };
  const backend = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  request.pipe(backend.stdin);
  backend.stdin.on('error', () => {});
  response.on('close', () => backend.kill());
  let head = Buffer.alloc(0);
  const onData = (chunk: Buffer) => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    backend.stdout.off('data', onData);
    sendHead(head.toString('latin1', 0, end), response);
    response.write(head.subarray(end + 4));
    backend.stdout.pipe(response);
  };
  backend.stdout.on('data', onData);
}

function sendHead(text: string, response: ServerResponse): void {
  const headers = text.split('\r\n').map(line => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
  const status = headers.find(([name]) => name === 'Status')?.[1];
  response.writeHead(
    status === undefined ? 200 : Number.parseInt(status, 10),
    Object.fromEntries(headers.filter(([name]) => name !== 'Status')),
  );
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { runBackend } from './http-backend.ts';

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

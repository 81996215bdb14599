import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/**
 * What happens to a COMMIT. `lost`: it never comes to the server. `unanswered`: the server's answer is lost. `late`: the client
 * is cut off at once, and the server gets it a while later. `stuck`: the client is cut off, and the server hears no more of it
 * and does not notice either.
 */
export type CommitFault = 'lost' | 'unanswered' | { lateMs: number } | 'stuck';

export interface PostgresProxy {
  url: string;
  /** Told the number of each COMMIT, from 1 on. */
  faults: (commit: number) => CommitFault | undefined;
  readonly commits: number;
}

/** A network on which a COMMIT may fail, in front of a server without TLS. Ends with the running test. */
export async function proxyForTest(url: string): Promise<PostgresProxy> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const kept = (socket: Socket) => {
    sockets.add(socket.on('error', () => {}).once('close', () => sockets.delete(socket)));
    return socket;
  };
  const proxy = { url: '', commits: 0, faults: (_commit: number): CommitFault | undefined => undefined };
  const server = createServer(client => {
    kept(client);
    const upstream = kept(connect(Number(port), hostname));
    upstream.on('data', data => void (client.writable && client.write(data)));
    upstream.on('close', () => client.destroy());
    client.on('data', data => {
      const fault = isCommit(data) ? proxy.faults(++proxy.commits) : undefined;
      if (fault === undefined) upstream.write(data);
      else void fail(fault, client, upstream, data);
    });
    client.on('end', () => upstream.end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  const through = new URL(url);
  through.port = String(typeof address === 'object' && address !== null ? address.port : 0);
  proxy.url = through.href;
  return proxy;
}

async function fail(fault: CommitFault, client: Socket, upstream: Socket, data: Buffer): Promise<void> {
  client.removeAllListeners('end');
  upstream.removeAllListeners('data').resume();
  if (fault === 'unanswered') {
    upstream.write(data);
    await once(upstream, 'data');
  }
  client.destroy();
  if (fault === 'stuck') return;
  if (typeof fault === 'object') {
    await sleep(fault.lateMs);
    upstream.write(data);
    await once(upstream, 'data');
  }
  upstream.destroy();
}

/** The text of a statement ends with a zero byte. */
function isCommit(data: Buffer): boolean {
  return data.includes('commit\0');
}

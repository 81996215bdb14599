/**
 * A server that is further away: passes connections on, and every piece of what comes back after so many milliseconds. A
 * request whose answer comes at once takes that much longer; what it carries makes no difference. Ends with its input.
 *
 *   delay-proxy.child.ts <host> <port> <milliseconds>
 */
import { connect, createServer, type Socket } from 'node:net';

const [, , host = '', port = '', milliseconds = ''] = process.argv;
const delayMs = Number(milliseconds);

const server = createServer({ noDelay: true }, client => {
  const upstream = connect({ host, port: Number(port), noDelay: true });
  const drop = () => {
    client.destroy();
    upstream.destroy();
  };
  client.pipe(upstream);
  client.on('error', drop).on('close', drop);
  upstream.on('data', chunk => later(client, () => client.write(chunk)));
  upstream.on('error', drop).on('close', () => later(client, drop));
});

function later(client: Socket, act: () => void): void {
  setTimeout(() => (client.destroyed ? undefined : act()), delayMs);
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`listens at http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`);
});
process.stdin.resume().once('end', () => process.exit());

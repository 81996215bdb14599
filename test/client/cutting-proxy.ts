import { once } from 'node:events';
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { forward, passedOn } from '../support/fault-proxy/forward.ts';
import { readBody } from '../support/s3-server/read-body.ts';

/** A proxy that sends half of the answers' bodies, as often as `cuts` says, and then closes the connection. */
export async function startCuttingProxy(upstream: string, cuts: number): Promise<string> {
  const agent = new Agent({ keepAlive: true });
  let left = cuts;
  const server = createServer(async (message, response) => {
    const body = (await readBody(message)) ?? Buffer.alloc(0);
    const answer = await forward(new URL(upstream), agent, message, body);
    if (answer === undefined) {
      message.socket.destroy();
      return;
    }
    response.writeHead(answer.status, passedOn(answer.rawHeaders));
    if (left-- <= 0) response.end(answer.body);
    else response.write(answer.body.subarray(0, answer.body.length >> 1), () => message.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    agent.destroy();
    await closed;
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

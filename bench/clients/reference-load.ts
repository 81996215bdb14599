import { HttpConnection } from '../support/http-connection.ts';
import type { Slice } from './load.ts';

/** As many connections to a bare server, each asking again when it is answered. */
export async function referenceLoad(
  url: string,
  clients: number,
  ms: number,
  path: string,
  body: string,
): Promise<Slice> {
  const connections = await Promise.all(Array.from({ length: clients }, () => HttpConnection.open(url)));
  const times: number[] = [];
  const startMs = performance.now();
  await Promise.all(
    connections.map(async connection => {
      while (performance.now() - startMs < ms) {
        const sentMs = performance.now();
        const answer = await connection.ask({ method: 'PUT', path, body });
        if (answer.status !== 200) throw new Error(`PUT ${path} answers ${answer.status}`);
        times.push(performance.now() - sentMs);
      }
    }),
  );
  const seconds = (performance.now() - startMs) / 1000;
  for (const connection of connections) connection.close();
  return { times, seconds };
}

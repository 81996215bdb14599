/**
 * What HTTP itself costs under this Node: a server that reads the request and answers a constant.
 *
 *   GET or PUT /constant/<bytes>           that many bytes
 *   GET /status/<status>                   an empty answer
 *   PUT /durable/<bytes written>/<bytes>   the same after a durable write of so many bytes to its working folder
 */
import { createServer } from 'node:http';
import { durableWrite } from './durable-write.ts';

const constants = new Map<number, Buffer>();

function constant(bytes: number): Buffer {
  const known = constants.get(bytes) ?? Buffer.alloc(bytes, 'constant ');
  if (constants.size < 10_000) constants.set(bytes, known);
  return known;
}

const server = createServer({ noDelay: true, keepAliveTimeout: 65_000 }, (request, response) => {
  const [, kind, first, second] = (request.url ?? '').split('/');
  const received: Buffer[] = [];
  request.on('data', chunk => received.push(chunk));
  request.on('end', () => {
    if (kind === 'durable') durableWrite('.', 'reference', constant(Number(first)));
    const body = kind === 'status' ? undefined : constant(Number(kind === 'durable' ? second : first));
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    response.writeHead(kind === 'status' ? Number(first) : 200, {
      'content-type': 'application/json',
      ...length,
    });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`listens at http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`);
});

/** Git's own server: a process of `git http-backend` for each request, for repositories in its working folder. */
import { createServer } from 'node:http';
import { runBackend } from '../../test/support/http-backend.ts';

const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  runBackend(process.cwd(), request, response);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`listens at http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`);
});

import { reportRequests } from './report-requests.ts';

/** An HTTP request of the same size that nobody signs: what any client costs at the least. It is refused. */
await reportRequests(({ endpoint }) => {
  const { Agent, request } = process.getBuiltinModule('node:http');
  const agent = new Agent({ keepAlive: true });
  return (key, bytes) =>
    new Promise((resolve, reject) => {
      const headers = { 'content-length': bytes.length };
      const call = request(`${endpoint}/wikis/${key}`, { method: 'PUT', agent, headers }, answer => {
        answer.resume().once('end', resolve);
      });
      call.once('error', reject).end(bytes);
    });
});

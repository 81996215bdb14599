/** The small S3 server of the tests as a process of its own, which ends with its input. Prints where it is, as JSON. */
import { startS3Server } from '../../test/support/s3-server/server.ts';

const server = await startS3Server({ profile: 'aws', onRequest: () => server.requests.clear() });
console.log(JSON.stringify({ endpoint: server.endpoint, ...server.credentials }));
process.stdin.resume().once('end', () => void server.stop());

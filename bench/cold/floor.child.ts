/**
 * What a cold write asks of the store and nothing else: reads an object, and replaces it on condition of its version by one of
 * so many bytes. Tells when its own code began and when the answer was there, in milliseconds since the process began.
 *
 *   bare.child.ts <file with the target, the key and the number of bytes>
 */
import { plainS3 } from '../support/plain-s3.ts';

const beganMs = performance.now();
const { readFileSync, writeSync } = process.getBuiltinModule('node:fs');
const { target, key, bytes } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const s3 = plainS3(target);
const read = await s3('GET', key);
const readMs = performance.now();
const body = Buffer.concat([read.body, Buffer.alloc(Math.max(0, bytes - read.body.length), 'new ')]);
const written = await s3('PUT', key, body.subarray(0, bytes), {
  'if-match': String(read.headers.etag).replaceAll('"', ''),
});
const answeredMs = performance.now();
const { user, system } = process.cpuUsage();
const processorMs = (user + system) / 1000;
writeSync(1, JSON.stringify({ beganMs, readMs, answeredMs, processorMs, status: written.status }));
process.exit();

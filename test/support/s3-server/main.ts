import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PROFILES, type ProfileName } from './profile.ts';
import type { RequestRecord } from './request-log.ts';
import { startS3Server } from './server.ts';

/*
 * The small S3 server as a process of its own: prints one JSON line when it is ready, ends with SIGTERM.
 * `--bucket NAME` may be repeated; `--log FILE` gets one JSON line for each request.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    profile: { type: 'string', default: 'aws' },
    bucket: { type: 'string', multiple: true, default: ['wikis'] },
    region: { type: 'string', default: 'us-east-1' },
    latency: { type: 'string', default: '0' },
    folder: { type: 'string' },
    log: { type: 'string' },
  },
});

const { folder, log } = values;
const server = await startS3Server({
  port: Number(values.port),
  profile: profileOf(values.profile),
  buckets: values.bucket,
  region: values.region,
  latencyMs: Number(values.latency),
  ...(folder === undefined ? {} : { folder }),
  onRequest: record => {
    if (log !== undefined) appendFileSync(log, line(record));
    server.requests.clear();
  },
});
process.once('SIGTERM', () => void server.stop());
const { endpoint, port, region, credentials } = server;
process.stdout.write(`${JSON.stringify({ endpoint, port, region, ...credentials, pid: process.pid })}\n`);

function profileOf(name: string): ProfileName {
  if (name in PROFILES) return name as ProfileName;
  throw new Error(`Reading --profile failed: "${name}" is none of ${Object.keys(PROFILES).join(', ')}`);
}

function line(record: RequestRecord): string {
  return `${JSON.stringify(record)}\n`;
}

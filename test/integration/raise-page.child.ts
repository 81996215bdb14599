import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createService } from '../../src/lazy/app.ts';

/**
 * `node raise-page.child.ts <page> <times>`: adds one to the number on a page of the wiki that the environment names, under
 * the revision lock. What is refused is read and written again; what nobody knows is sent again with the same
 * Idempotency-Key. Prints one JSON object: the commits, and how often it was refused with which code.
 */
const [, , page = '', times = ''] = process.argv;
const { config, secrets } = readConfig({ env: process.env });
const log = createLogger({ level: 'silent', write: line => writeSync(2, `${line}\n`), now: Date.now });
const service = createService({ config, secrets, runtime: systemRuntime, log });
const authorization = `Bearer ${process.env.KITTIWAKE_API_KEY}`;

async function call(method: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await service.app.handle({
    method,
    path: `/api/v1/pages/${page}`,
    query: '',
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    deadlineMs: Date.now() + config.requestTimeoutMs,
  });
  return { status: response.status, body: JSON.parse(String(response.body)) };
}

const commits: string[] = [];
const refusals: Record<string, number> = {};

/** True when it was the store, or somebody else, that kept the request from being carried out; a failing store is a 500. */
function isPassing({ status, body }: Awaited<ReturnType<typeof call>>): boolean {
  refusals[body.code] = (refusals[body.code] ?? 0) + 1;
  return [409, 500, 503].includes(status);
}

async function raise(): Promise<boolean> {
  const read = await call('GET');
  if (read.status !== 200) {
    if (isPassing(read)) return false;
    throw new Error(`GET: ${read.status} ${JSON.stringify(read.body)}`);
  }
  const content = String(Number(read.body.content) + 1);
  const change = { content, revision: read.body.revision, commit_message: content };
  const key = { 'idempotency-key': randomUUID() };
  for (;;) {
    const written = await call('PUT', change, key);
    if (written.status === 200) {
      commits.push(written.body.revision);
      return true;
    }
    if (!isPassing(written)) throw new Error(`PUT: ${written.status} ${JSON.stringify(written.body)}`);
    if (written.body.code !== 'outcome_unknown') return false;
  }
}

for (let left = Number(times); left > 0; ) if (await raise()) left -= 1;
await service.close();
writeSync(1, `${JSON.stringify({ commits, refusals })}\n`);

import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createService } from '../../src/lazy/app.ts';

/**
 * `node increment-page.child.ts <data folder> <page> <times>`: adds one to the number on a page under the revision lock,
 * again with the current revision whenever somebody else was faster. Prints one JSON object with what it was answered.
 */
const [, , data = '', page = '', times = ''] = process.argv;
const { config, secrets } = readConfig({ env: { KITTIWAKE_DATA: data, KITTIWAKE_API_KEY: 'k' } });
const log = createLogger({ level: 'error', write: line => writeSync(2, `${line}\n`), now: Date.now });
const { app } = createService({ config, secrets, runtime: systemRuntime, log });

async function call(method: string, body?: unknown) {
  const response = await app.handle({
    method,
    path: `/api/v1/pages/${page}`,
    query: '',
    headers: { authorization: 'Bearer k', 'content-type': 'application/json' },
    body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
  });
  return { status: response.status, body: JSON.parse(String(response.body)) };
}

const revisions: string[] = [];
const refusals: Record<string, number> = {};
for (let left = Number(times); left > 0; ) {
  const { body: current } = await call('GET');
  const content = String(Number(current.content) + 1);
  const { status, body } = await call('PUT', {
    content,
    revision: current.revision,
    commit_message: `${content} by ${randomUUID()}`,
  });
  if (status === 200) {
    revisions.push(body.revision);
    left -= 1;
  } else if (status === 409 || body.code === 'contention') {
    refusals[body.code] = (refusals[body.code] ?? 0) + 1;
  } else throw new Error(`PUT: ${status} ${JSON.stringify(body)}`);
}
writeSync(1, `${JSON.stringify({ revisions, refusals })}\n`);

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { API_KEY } from '../support/served.ts';
import { expectSame } from '../support/verify.ts';

export interface Start {
  /** Until the first line of our own ran, since the process began. */
  beganMs: number;
  /** Until `handler` was there. */
  readyMs: number;
  /** Until a write was answered. */
  answeredMs: number;
}

export interface StartOptions {
  /** `start.child.ts`, bundled. */
  starter: string;
  /** The function. */
  entry: string;
  /** Folder of the wiki `uuid`. */
  data: string;
  uuid: string;
  /** The new page. */
  page: string;
}

/** Starts a function in a process of its own and lets it write one new page. */
export function startFunction({ starter, entry, data, uuid, page }: StartOptions): Start {
  const event = join(data, 'event.json');
  writeFileSync(event, JSON.stringify(putOf(page)));
  const env = {
    PATH: process.env.PATH,
    KITTIWAKE_DATA: data,
    KITTIWAKE_WIKI: uuid,
    KITTIWAKE_API_KEY: API_KEY,
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, [starter, entry, event], {
    cwd: data,
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`Starting ${entry} ends with ${status}: ${stderr}${stdout}`);
  const report = JSON.parse(stdout.slice(stdout.lastIndexOf('{"beganMs"'))) as Start & { status: number };
  expectSame('the status of a first write', report.status, 201);
  return report;
}

/** A request as a function URL delivers it. */
function putOf(page: string) {
  const path = `/api/v1/pages/${page}`;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    requestContext: {
      domainName: 'x.lambda-url.eu-central-1.on.aws',
      stage: '$default',
      http: { method: 'PUT', path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'bench' },
    },
    body: JSON.stringify({ content: `# ${page}\n\nThe first write of a process.\n` }),
    isBase64Encoded: false,
  };
}

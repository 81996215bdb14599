import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { putEvent } from '../support/function-event.ts';
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
  const content = `# ${page}\n\nThe first write of a process.\n`;
  writeFileSync(event, JSON.stringify(putEvent(page, { content })));
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

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/core/config.ts';
import { createLogger } from '../../src/core/log.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { createService, type Service } from '../../src/lazy/app.ts';
import type { FunctionHost } from '../../src/lazy/function-host.ts';
import { environmentOf, prepareWiki, upload } from '../integration/round-trips-support.ts';
import type { S3Server } from '../support/s3-server/server.ts';
import { s3ServerForTest } from '../support/s3-server.ts';
import { commitPage } from '../support/stored-wiki.ts';

export interface Observed {
  service: Service;
  /** Of the log. */
  lines: Record<string, unknown>[];
}

export interface ObservedWiki {
  server: S3Server;
  /** A process that has just started; `env` wins over what is usual. */
  start(env?: Record<string, string>, host?: FunctionHost): Observed;
}

/** A bucket with a wiki of one page, `home`. */
export async function observedWiki(): Promise<ObservedWiki> {
  const server = await s3ServerForTest();
  const wiki = await prepareWiki();
  await commitPage(wiki.repository, 'home.md', 'home\n');
  await upload(wiki, server);
  server.requests.clear();
  const data = mkdtempSync(join(tmpdir(), 'kittiwake-observed-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const usual = environmentOf(server, wiki.repository.uuid, data);
  return { server, start: (env = {}, host) => started({ ...usual, ...env }, host) };
}

function started(env: Record<string, string>, host: FunctionHost | undefined): Observed {
  const { config, secrets } = readConfig({ env });
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({
    level: config.logLevel,
    write: line => lines.push(JSON.parse(line)),
    now: Date.now,
  });
  const runtime = systemRuntime;
  const service = createService({ config, secrets, runtime, log, ...(host ? { host } : {}) });
  onTestFinished(() => service.close());
  return { service, lines };
}

/** The metrics that a line of the log holds, by name; undefined when it holds none. */
export function metricsOf(line: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  const directive = (line?._aws as { CloudWatchMetrics: { Metrics: { Name: string }[] }[] } | undefined)
    ?.CloudWatchMetrics[0];
  if (line === undefined || directive === undefined) return undefined;
  return Object.fromEntries(directive.Metrics.map(({ Name: name }) => [name, line[name]]));
}

import { parentPort, workerData } from 'node:worker_threads';
import type { Config, Secrets } from '../core/config.ts';
import { createLogger, type Logger } from '../core/log.ts';
import type { ProjectionSettings } from '../core/projection-config.ts';
import { systemRuntime } from '../core/runtime.ts';
import { createService } from '../lazy/app.ts';

/** What a thread that works on the wikis is started with. */
interface ServiceThreadData {
  config: Config;
  secrets: Secrets;
  projections: ProjectionSettings;
}

/**
 * The service of the thread that calls, which was started with {@link ServiceThreadData}. What it logs it tells its owner, a
 * `{ line }` at a time.
 */
export function openThreadService() {
  const { config, secrets, projections } = workerData as ServiceThreadData;
  const runtime = systemRuntime;
  const log: Logger = createLogger({
    level: config.logLevel,
    paths: config.logPaths,
    write: line => parentPort?.postMessage({ line }),
    now: () => runtime.now(),
  });
  const service = createService({ config, secrets, projections: async () => projections, runtime, log });
  return { config, secrets, projections, runtime, log, service, port: parentPort };
}

import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { Config, Secrets } from '../core/config.ts';
import { createLogger } from '../core/log.ts';
import type { ProjectionSettings } from '../core/projection-config.ts';
import { systemRuntime } from '../core/runtime.ts';
import { createService } from '../lazy/app.ts';
import { startImportRunner } from './import-runner.ts';
import type { ImportThreadMessage } from './import-thread.ts';

/** The thread of `import-thread.ts`. */
const { config, secrets, projections } = workerData as {
  config: Config;
  secrets: Secrets;
  projections: ProjectionSettings;
};
const port = parentPort;
const tell = (message: ImportThreadMessage) => port?.postMessage(message);
const runtime = systemRuntime;
const log = createLogger({
  level: config.logLevel,
  paths: config.logPaths,
  write: line => tell({ line }),
  now: () => runtime.now(),
});
// On Linux this is of the thread that calls, and of those that it starts: answers go before imports.
if (process.platform === 'linux') setPriority(10);
const service = createService({ config, secrets, projections: async () => projections, runtime, log });
service.onCommit(tenant => tell({ committed: tenant }));
const runner = startImportRunner(service, { config, projections, runtime, log });

port?.on('message', (command: 'wake' | 'stop') => {
  if (command === 'wake') runner.wake();
  else void runner.stop();
});
await runner.idle;
await runner.stop();
await service.close();
port?.close();

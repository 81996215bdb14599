import { setPriority } from 'node:os';
import { startImportRunner } from './import-runner.ts';
import type { ImportThreadMessage } from './import-thread.ts';
import { openThreadService } from './service-thread.ts';

/** The thread of `import-thread.ts`. */
const { config, projections, runtime, log, service, port } = openThreadService();
const tell = (message: ImportThreadMessage) => port?.postMessage(message);
// On Linux this is of the thread that calls, and of those that it starts: answers go before imports.
if (process.platform === 'linux') setPriority(10);
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

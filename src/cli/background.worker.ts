import { startBackground } from './background.ts';
import type { ThreadCommand, ThreadMessage } from './background-thread.ts';
import { startBackgroundWikis } from './background-wikis.ts';
import { createImportThread } from './import-thread.ts';
import { watchImports } from './import-waiting.ts';
import { openThreadService } from './service-thread.ts';

/** The thread of `background-thread.ts`. */
const { config, secrets, projections, runtime, log, service, port } = openThreadService();
const tell = (message: ThreadMessage) => port?.postMessage(message);
// A folder is read by requests, which ask for the ledger each; a bucket by functions and commands elsewhere, too, some of which
// read for minutes from what they found at first.
const collect = config.store.kind === 'file' ? { readerGraceMs: 60_000 } : {};
const options = { runtime, log, collect };
const isOne = config.tenants.kind === 'none';
const background = isOne ? startBackground(service, options) : undefined;
const maxWikis = config.tenantCache;
const wikis = isOne ? undefined : startBackgroundWikis(service, { ...options, maxWikis });
const imports = createImportThread({
  config,
  secrets,
  projections,
  log,
  write: line => tell({ line }),
  committed: async tenant => (tenant === undefined ? background?.wake() : (await wikis)?.wake(tenant)),
});
const importWatch = watchImports(service, { runtime, log, found: imports.wake });

port?.on('message', async (command: ThreadCommand) => {
  if (command !== 'stop') importWatch.look();
  if (command === 'wake') return background?.wake();
  if (command !== 'stop') {
    for (const tenant of command.wake) (await wikis)?.wake(tenant);
    return undefined;
  }
  await importWatch.stop();
  await Promise.all([background?.stop(), wikis?.then(each => each.stop()), imports.stop()]);
  await service.close();
  port.close();
});
tell('ready');
// What was committed before the start is taken in as well.
background?.wake();

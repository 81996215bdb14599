import { storeName } from '../core/store-setting.ts';
import type { App } from '../http/message.ts';
import { type RunningServer, startServer } from '../http/server.ts';
import { openSiteServer } from '../lazy/site-server.ts';
import { type KeptKey, keepKey } from './api-key.ts';
import { startBackgroundThread } from './background-thread.ts';
import type { Call, Command } from './command.ts';
import { listenFailed } from './errors.ts';
import { createLog, ensureWiki, withService } from './open-service.ts';

export const serve: Command = {
  name: 'serve',
  operands: [],
  summary:
    'Serves the wiki over HTTP; creates it on the first start over an empty folder or prefix of a bucket',
  flags: [],
  details: [
    'Without KITTIWAKE_API_KEY a key is made on the first start, printed once and kept in the file "api-key" of the',
    'data folder, which only its owner may read. The search index lies there too, also when the wiki is in a bucket.',
    'Ctrl-C lets the requests under way finish.',
  ].join('\n'),
  stopsItself: true,
  async run(call) {
    // Before the key, so that a folder that is not ours gets neither.
    const isOne = call.config.tenants.kind === 'none';
    const found = await withService(call, async service => {
      const state = isOne ? await ensureWiki(service, call) : 'many';
      if (state !== 'born') await service.probe();
      return state;
    });
    if (found === 'lost') {
      call.terminal.say('warning: the wiki has no ledger, every request will fail: see "kittiwake restore"');
    }
    const { apiKey, apiKeySha256 } = call.secrets;
    const isGiven = (apiKey ?? apiKeySha256) !== undefined;
    const kept = isGiven ? undefined : keepKey(call.config.data, call.runtime);
    const secrets = kept === undefined ? call.secrets : { ...call.secrets, apiKey: kept.key };
    return await withService({ ...call, secrets }, async service => {
      const { config, projections, runtime, terminal } = call;
      const write = (line: string) => terminal.say(line);
      const log = createLog(call);
      const app = await openSiteServer(service, { config, secrets, runtime, log }, projections.config);
      const server = await listen(app, call);
      const background = startBackgroundThread({ config, secrets, projections, runtime, log, write });
      const unsubscribe = service.onCommit(background.wake);
      announce(call, server.url, kept, WORDS[found]);
      await aborted(call.signal);
      call.terminal.say('Stopping');
      await server.close();
      unsubscribe();
      await background.stop();
      return 0;
    });
  },
};

const WORDS = { born: 'a new wiki', there: 'the wiki', lost: 'the wiki', many: 'the wikis' } as const;

async function listen(app: App, { config, runtime }: Call): Promise<RunningServer> {
  const { host, port, requestTimeoutMs } = config;
  try {
    return await startServer({ app, host, port, requestTimeoutMs, runtime });
  } catch (error) {
    throw listenFailed(`${host}:${port}`, error as NodeJS.ErrnoException);
  }
}

function announce({ config, terminal }: Call, url: string, kept: KeptKey | undefined, served: string): void {
  terminal.out(`Kittiwake serves ${served} in ${storeName(config.store)} at ${url}`);
  if (kept?.made === true) terminal.out(`API key, made now and kept in ${kept.file}: ${kept.key}`);
  if (kept?.exposed === true) terminal.say(`warning: others can read ${kept.file}: chmod 600 it`);
  const secret = kept === undefined ? '$KITTIWAKE_API_KEY' : `$(cat ${shellQuoted(kept.file)})`;
  const path = config.tenants.kind === 'none' ? 'pages' : 'tenants';
  terminal.out(`Try: curl -H "Authorization: Bearer ${secret}" ${url}/api/v1/${path}`);
}

/** Quoted for a POSIX shell, when it must be. */
function shellQuoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }));
}

import type { Logger } from '../core/log.ts';
import { randomId } from '../core/runtime.ts';
import type { Service } from '../lazy/app.ts';
import { serveOverStdio } from '../mcp/serve-stdio.ts';
import { authorOption } from './author-option.ts';
import { type BackgroundThread, startBackgroundThread } from './background-thread.ts';
import type { Call, Command } from './command.ts';
import { COMMAND_LINE } from './command-line.ts';
import { createLog, ensureWiki, withService } from './open-service.ts';

export const mcp: Command = {
  name: 'mcp',
  operands: [],
  summary: 'Serves the wiki to a language model over standard input and output (Model Context Protocol)',
  flags: [
    { flag: '--read-only', description: 'Offer nothing that changes the wiki' },
    { flag: '--author', placeholder: 'AUTHOR', description: 'Whom commits name: "Name <address>"' },
  ],
  details: [
    'Started by the client, which talks to it: see docs/mcp.md. Creates the wiki on the first start over an empty folder or prefix of a',
    'bucket, unless it is to be read only. Whoever can start it may do everything. The log goes to standard error. It ends with its input.',
  ].join('\n'),
  stopsItself: true,
  async run(call) {
    const author = authorOption(call.options);
    const isReadOnly = call.options.has('--read-only');
    const principal = author === undefined ? COMMAND_LINE : { ...COMMAND_LINE, author };
    return await withService(call, async service => {
      // What is wrong is said before a client waits for an answer.
      if (isReadOnly || call.config.tenants.kind !== 'none') await service.wikiId();
      else await ensureWiki(service, call);
      const log = createLog(call);
      const report = (failure: unknown) => {
        const id = randomId(call.runtime);
        log.failure('mcp_failed', failure, { request: id });
        return id;
      };
      const background = backgroundOf(service, call, log);
      await serveOverStdio({
        session: { services: service.as(principal), principal, isReadOnly, report },
        input: process.stdin,
        output: process.stdout,
        onError: error => log.failure('mcp_refused', error),
        signal: call.signal,
      });
      await background.stop();
      return 0;
    });
  },
};

/** What follows from commits, from the first one on: most clients only read. */
function backgroundOf(service: Service, call: Call, log: Logger): { stop(): Promise<void> } {
  const { config, secrets, projections, runtime, terminal } = call;
  let thread: BackgroundThread | undefined;
  const wake = async () => {
    const write = (line: string) => terminal.say(line);
    thread ??= startBackgroundThread({ config, secrets, projections, runtime, log, write });
    const isOne = config.tenants.kind === 'none';
    thread.wake(isOne ? undefined : { name: config.wiki, uuid: await service.wikiId() });
  };
  const unsubscribe = service.onCommit(() => void wake());
  return {
    async stop() {
      unsubscribe();
      await thread?.stop();
    },
  };
}

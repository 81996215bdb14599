import { isClientError } from '../client/errors.ts';
import { reasonOf } from '../git-http/push-report.ts';
import { type Call, type Command, usageOf } from './command.ts';
import { argumentsWrong } from './errors.ts';
import { buildsOn, noteRemote, type Outbox, present, readOutbox } from './push/clone.ts';
import { pushNotCarriedOut } from './push/errors.ts';
import { withPushFile } from './push/push-file.ts';
import { pushedLine, rejectedLine, remoteLines } from './push/told.ts';
import { openPushedWiki, type PushedWiki } from './push/wiki.ts';

export const push: Command = {
  name: 'push',
  operands: ['[remote]'],
  takesMany: true,
  summary: 'Pushes a clone to its wiki when that is more than the server takes in one request of git',
  flags: [
    {
      flag: '--branch',
      placeholder: 'NAME',
      description: 'Local branch. Default: the one that is checked out',
    },
  ],
  details: [
    'Run in a clone, in place of "git push". What the wiki lacks is uploaded, and lands by the same rules as a push of git. The remote is a',
    'name or a URL; default: that of the branch. Credentials are those of the URL, the token in KITTIWAKE_TOKEN, or what git finds or asks',
    'for. Repeat it after a lost answer: what is there is up to date.',
  ].join('\n'),
  stopsItself: true,
  async run(call) {
    const { operands, options, signal, terminal } = call;
    if (operands.length > 1) throw argumentsWrong('push', operands.length, usageOf(push));
    const outbox = await readOutbox({ remote: operands[0], branch: options.get('--branch') }, signal);
    const wiki = await openPushedWiki(outbox.url, signal);
    const before = wiki.refs.get(outbox.ref);
    if (before === outbox.after) {
      await noteRemote(outbox, signal);
      terminal.say('Everything up-to-date');
      return 0;
    }
    const reason = await obstacle(outbox, before, signal);
    if (reason !== undefined) return rejected(call, wiki, `[rejected] ${rejectedLine(outbox, reason)}`);
    const sending = { outbox, before, haves: [...wiki.refs.values()] };
    const refusal = await withPushFile(sending, signal, file => send(wiki, file, call));
    if (refusal === undefined) {
      await noteRemote(outbox, signal);
      terminal.say(`To ${wiki.shown}`);
      terminal.say(pushedLine(outbox, before));
      return 0;
    }
    for (const line of remoteLines(refusal.message)) terminal.say(line);
    return rejected(call, wiki, `[remote rejected] ${rejectedLine(outbox, reasonOf(refusal))}`);
  },
};

/** Why the wiki would refuse it, as git itself says it. */
async function obstacle(
  { after }: Outbox,
  before: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (before === undefined) return undefined;
  if ((await present([before], signal)).length === 0) return 'fetch first';
  return (await buildsOn(after, before, signal)) ? undefined : 'non-fast-forward';
}

/** @returns why nothing of it was taken */
async function send(
  { pushes, shown }: PushedWiki,
  file: Blob,
  { terminal, signal }: Call,
): Promise<{ code: string; message: string } | undefined> {
  try {
    terminal.say(`Sending ${file.size} bytes`);
    const { id } = await pushes.start('push', file, {}, { signal });
    await pushes.wait(id, { signal, everyMs: 500 });
    return undefined;
  } catch (error) {
    if (!isClientError(error)) throw error;
    const { failure } = error.data as { failure?: { code: string; message: string } | null };
    if (failure) return failure;
    throw pushNotCarriedOut(shown, `${error.message} (${error.code})`);
  }
}

function rejected({ terminal }: Call, { shown }: PushedWiki, line: string): number {
  terminal.say(`To ${shown}`);
  terminal.say(` ! ${line}`);
  terminal.say(`error: failed to push some refs to '${shown}'`);
  return 1;
}

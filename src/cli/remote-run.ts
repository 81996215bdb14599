import type { SyncResult } from '../remote/remote.ts';
import type { Call, Command } from './command.ts';
import { COMMAND_LINE } from './command-line.ts';
import { withService } from './open-service.ts';
import { nameOf } from './remote-show.ts';

/** Nobody waits at the other end of a connection. */
const TIMEOUT_MS = 3_600_000;

export const remotePull: Command = {
  name: 'remote pull',
  operands: ['<name>'],
  summary: 'Pulls from a remote, merging what both sides have changed',
  flags: [
    { flag: '--accept-rewritten', description: 'Merge a history that was replaced over there, too' },
    { flag: '--json', description: 'The result as JSON' },
  ],
  details:
    'It ends with 1 where both sides have changed the same: one version stays, the other is kept aside.',
  run: call => run(call, { pull: true, push: false }),
};

export const remotePush: Command = {
  name: 'remote push',
  operands: ['<name>'],
  summary: 'Pushes to a remote, never by force',
  flags: [{ flag: '--json', description: 'The result as JSON' }],
  run: call => run(call, { pull: false, push: true }),
};

async function run(call: Call, directions: { pull: boolean; push: boolean }): Promise<number> {
  const { terminal, options } = call;
  const acceptRewritten = options.has('--accept-rewritten');
  return await withService(call, async service => {
    const remotes = await (await service.projections()).as(COMMAND_LINE).remotes();
    const wish = { ...directions, acceptRewritten, timeoutMs: TIMEOUT_MS };
    const outcome = await remotes.run(nameOf(call), wish);
    if (outcome.kind === 'pending') {
      terminal.say('Somebody else is at it; it is done afterwards by the server');
      return 0;
    }
    if (options.has('--json')) terminal.out(JSON.stringify(outcome.result));
    else for (const line of shown(outcome.result)) terminal.out(line);
    return outcome.result.pull?.outcome === 'conflicts' ? 1 : 0;
  });
}

function shown({ pull, push }: SyncResult): string[] {
  const lines: string[] = [];
  if (pull) lines.push(`pull: ${pull.outcome.replaceAll('_', ' ')}, ${pull.commits} commits`);
  if (push)
    lines.push(`push: ${push.outcome.replaceAll('_', ' ')} ${push.after?.slice(0, 10) ?? ''}`.trimEnd());
  return lines;
}

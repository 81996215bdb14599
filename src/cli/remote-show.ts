import type { RemoteAdministration, RemoteInfo } from '../remote/remote-administration.ts';
import type { Call, Command } from './command.ts';
import { COMMAND_LINE } from './command-line.ts';
import { withService } from './open-service.ts';

export const remoteList: Command = {
  name: 'remote list',
  operands: [],
  summary: 'Lists the remotes of the wiki',
  flags: [{ flag: '--json', description: 'One JSON object a line, with times in milliseconds' }],
  run: call =>
    withRemotes(call, async remotes => {
      for (const remote of await remotes.list()) {
        const fields = [remote.name, directions(remote), stateOf(remote), remote.url];
        call.terminal.out(call.options.has('--json') ? JSON.stringify(remote) : fields.join('\t'));
      }
    }),
};

export const remoteShow: Command = {
  name: 'remote show',
  operands: ['<name>'],
  summary: 'Shows a remote: how its last runs went, its conflicts, and the address of its webhook',
  flags: [{ flag: '--json', description: 'One JSON object, with times in milliseconds' }],
  run: call =>
    withRemotes(call, async remotes => {
      const remote = await remotes.read(nameOf(call));
      if (call.options.has('--json')) call.terminal.out(JSON.stringify(remote));
      else for (const line of shownRemote(remote)) call.terminal.out(line);
    }),
};

/** Has the remotes of the wiki for `work`. */
export function withRemotes(
  call: Call,
  work: (remotes: RemoteAdministration) => Promise<void>,
): Promise<number> {
  return withService(call, async service => {
    await work(await (await service.projections()).as(COMMAND_LINE).remotes());
    return 0;
  });
}

export function nameOf({ operands }: Call): string {
  return operands[0] ?? '';
}

/** A remote in lines of `name: value`. */
export function shownRemote(remote: RemoteInfo): string[] {
  const { status, everyMinutes, afterCommits, ahead, behind, hook, nextMs } = remote;
  const when = [
    everyMinutes > 0 ? `every ${everyMinutes} minutes` : '',
    afterCommits ? 'after commits' : '',
    remote.webhook ? 'by webhook' : '',
  ].filter(Boolean);
  const fields: [string, string | undefined][] = [
    ['name', remote.name],
    ['url', remote.url],
    ['branch', remote.branch || 'that of its HEAD'],
    ['directions', directions(remote)],
    ['when', when.join(', ') || 'on demand'],
    ['credentials', remote.credentials || 'none'],
    ['in a conflict', `${remote.prefer} stays`],
    ['state', stateOf(remote)],
    ['last success', timeOf(status.lastSuccessMs)],
    ['next attempt', timeOf(nextMs)],
    ['ahead', ahead?.toString()],
    ['behind', behind?.toString()],
    ['webhook', hook],
  ];
  const lines = fields.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return [...lines, ...status.conflicts.flatMap(shownConflict)];
}

function shownConflict({ atMs, ref, paths, more }: RemoteInfo['status']['conflicts'][number]): string[] {
  const kept = `conflict of ${timeOf(atMs)}, kept as ${ref}`;
  const pages = paths.map(({ path, kind }) => `  ${path} (${kind})`);
  return [kept, ...pages, ...(more > 0 ? [`  and ${more} more`] : [])];
}

function directions({ pull, push }: RemoteInfo): string {
  return pull && push ? 'pull, push' : pull ? 'pull' : 'push';
}

function stateOf({ active, isRunning, isRequested, status }: RemoteInfo): string {
  if (isRunning) return 'running';
  if (!active) return 'inactive';
  const { lastError, failures, lastSuccessMs } = status;
  if (lastError !== undefined)
    return `failed ${failures === 1 ? 'once' : `${failures} times`}: ${lastError.code}: ${lastError.message}`;
  if (isRequested) return 'waiting';
  return lastSuccessMs === undefined ? 'new' : 'well';
}

function timeOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

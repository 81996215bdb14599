import type { FlagSpec } from '../core/flags.ts';
import { parseSwitch } from '../core/setting-value.ts';
import type { RemoteWish } from '../remote/check-remote.ts';
import type { Call, Command } from './command.ts';
import { optionInvalid } from './errors.ts';
import { nameOf, shownRemote, withRemotes } from './remote-show.ts';

const FLAGS: readonly FlagSpec[] = [
  { flag: '--branch', placeholder: 'NAME', description: 'Branch there (default: that of its HEAD)' },
  { flag: '--directions', placeholder: 'WHICH', description: 'pull, push or both (default: pull)' },
  { flag: '--every', placeholder: 'MINUTES', description: 'By schedule; 0: not (default: 0)' },
  { flag: '--after-commits', placeholder: 'SWITCH', description: 'Push after commits: true or false' },
  { flag: '--webhook', placeholder: 'SWITCH', description: 'Pull by the webhook: true or false' },
  {
    flag: '--prefer',
    placeholder: 'WHOSE',
    description: 'Version that stays in a conflict: ours or theirs (default: ours)',
  },
  { flag: '--credentials', placeholder: 'NAME', description: 'What KITTIWAKE_REMOTE_CREDENTIALS calls them' },
];

export const remoteAdd: Command = {
  name: 'remote add',
  operands: ['<name>', '<url>'],
  summary: 'Names a repository of another host, to pull from and to push to',
  flags: FLAGS,
  details: 'Credentials are never part of the URL. docs/remotes.md says what happens when both sides change.',
  run: call =>
    withRemotes(call, async remotes => {
      const made = await remotes.create(nameOf(call), { url: call.operands[1] ?? '', ...wishOf(call) });
      call.terminal.say(`The remote ${made.name} is there; nothing was pulled or pushed yet`);
      for (const line of shownRemote(made)) call.terminal.out(line);
    }),
};

export const remoteEdit: Command = {
  name: 'remote edit',
  operands: ['<name>'],
  summary: 'Changes a remote',
  flags: [
    { flag: '--url', placeholder: 'URL', description: 'Where it is' },
    ...FLAGS,
    { flag: '--active', placeholder: 'SWITCH', description: 'Something is done of itself: true or false' },
  ],
  run: call =>
    withRemotes(call, async remotes => {
      const url = call.options.get('--url');
      const active = switchOf(call, '--active');
      const wish = defined({ ...wishOf(call), url, active });
      for (const line of shownRemote(await remotes.change(nameOf(call), wish))) call.terminal.out(line);
    }),
};

export const remoteRemove: Command = {
  name: 'remote remove',
  operands: ['<name>'],
  summary: 'Forgets a remote; what was pulled from it stays',
  flags: [],
  run: call =>
    withRemotes(call, async remotes => {
      const { name, url } = await remotes.remove(nameOf(call));
      call.terminal.say(`Forgot the remote ${name} at ${url}`);
    }),
};

export const remoteResolve: Command = {
  name: 'remote resolve',
  operands: ['<name>', '<conflict>'],
  summary: 'Tells of a conflict no more, when its pages are as they should be',
  flags: [{ flag: '--delete-branch', description: 'Remove the side branch with the other version, too' }],
  details: 'The conflict is named by the last part of its side branch: see `kittiwake remote show`.',
  run: call =>
    withRemotes(call, async remotes => {
      const id = call.operands[1] ?? '';
      const deletesBranch = call.options.has('--delete-branch');
      await remotes.settle({ name: nameOf(call), id, deletesBranch });
      call.terminal.say(`The conflict ${id} is settled${deletesBranch ? ', its branch is removed' : ''}`);
    }),
};

function wishOf(call: Call): RemoteWish {
  const { options } = call;
  const every = options.get('--every');
  if (every !== undefined && !/^\d{1,6}$/.test(every)) throw optionInvalid('--every', every, 'minutes');
  return defined({
    ...directionsOf(call),
    branch: options.get('--branch'),
    everyMinutes: every === undefined ? undefined : Number(every),
    afterCommits: switchOf(call, '--after-commits'),
    webhook: switchOf(call, '--webhook'),
    prefer: options.get('--prefer'),
    credentials: options.get('--credentials'),
  });
}

function directionsOf({ options }: Call): Pick<RemoteWish, 'pull' | 'push'> {
  const text = options.get('--directions');
  if (text === undefined) return {};
  if (!['pull', 'push', 'both'].includes(text))
    throw optionInvalid('--directions', text, 'pull, push or both');
  return { pull: text !== 'push', push: text !== 'pull' };
}

/** @throws KittiwakeError `option_invalid` */
function switchOf({ options }: Call, flag: string): boolean | undefined {
  const text = options.get(flag);
  if (text === undefined) return undefined;
  const value = parseSwitch(text);
  if (value === undefined) throw optionInvalid(flag, text, 'true or false');
  return value;
}

function defined(wish: { [K in keyof RemoteWish]: RemoteWish[K] | undefined }): RemoteWish {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));
}

import { settingsHelp } from '../core/config-help.ts';
import type { FlagSpec } from '../core/flags.ts';
import { type Command, usageOf } from './command.ts';

/** What `kittiwake help` shows. */
export function generalHelp(commands: readonly Command[]): string {
  const rows = commands.map(command => ({ left: usageOf(command), right: command.summary }));
  rows.push({ left: 'kittiwake help [command]', right: 'Shows this, or the flags of a command' });
  return [
    'Kittiwake: a wiki in a git repository, with a REST API.',
    '',
    ...columns(rows),
    '',
    'Settings, the same for every command (a flag wins over a variable):',
    '',
    settingsHelp(),
    '',
    'Exit codes: 0 done, 1 failed, 2 wrong use, 130 stopped by Ctrl-C.',
  ].join('\n');
}

/** What `kittiwake help <command>` shows. */
export function commandHelp(command: Command): string {
  const lines = [usageOf(command), '', command.summary];
  if (command.details !== undefined) lines.push('', command.details);
  if (command.flags.length > 0) lines.push('', 'Flags:', '', ...columns(command.flags.map(flagRow)));
  return [...lines, '', 'Settings: see "kittiwake help".'].join('\n');
}

function flagRow({ flag, placeholder, description }: FlagSpec): Row {
  return { left: placeholder === undefined ? flag : `${flag} ${placeholder}`, right: description };
}

interface Row {
  left: string;
  right: string;
}

function columns(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(({ left }) => left.length));
  return rows.map(({ left, right }) => `  ${left.padEnd(width)}  ${right}`);
}

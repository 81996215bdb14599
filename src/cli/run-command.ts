import { readCommandLine } from '../core/command-line.ts';
import { isKittiwakeError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { systemRuntime } from '../core/runtime.ts';
import { type Command, usageOf } from './command.ts';
import { argumentsWrong, commandUnknown } from './errors.ts';
import { commandHelp, generalHelp } from './help.ts';
import type { Terminal } from './terminal.ts';

/** Commands by name; each is loaded when it is called. */
export type Commands = Readonly<Record<string, () => Promise<Command>>>;

export interface Invocation {
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  commands: Commands;
  terminal: Terminal;
  signal: AbortSignal;
}

/** Codes of errors that are the caller's: exit code 2. */
const USAGE = new Set(['usage', 'config_invalid']);

/** Runs what the arguments ask for and says what went wrong on one line. @returns the exit code */
export async function runCommand(invocation: Invocation): Promise<number> {
  const { terminal, signal } = invocation;
  try {
    return await dispatch(invocation);
  } catch (error) {
    if (signal.aborted && error === signal.reason) {
      terminal.say('error: Stopped (stopped)');
      return 130;
    }
    terminal.say(errorLine(error));
    return isKittiwakeError(error) && USAGE.has(error.code) ? 2 : 1;
  }
}

async function dispatch(invocation: Invocation): Promise<number> {
  const { args, env, terminal, signal } = invocation;
  const [first] = args;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    return await help(args.slice(1), invocation);
  }
  const { command, rest } = await findCommand(args, invocation.commands);
  if (wantsHelp(rest)) {
    terminal.out(commandHelp(command));
    return 0;
  }
  const read = readCommandLine({ args: rest, env, flags: command.flags });
  for (const warning of read.warnings) terminal.say(`warning: ${warning}`);
  const { config, secrets, projections, options, positionals } = read;
  if (!command.takesMany && positionals.length !== command.operands.length) {
    throw argumentsWrong(command.name, positionals.length, usageOf(command));
  }
  const given = { config, secrets, projections, options, operands: positionals };
  const call = { ...given, terminal, runtime: systemRuntime, signal };
  const running = command.run(call);
  return command.stopsItself ? await running : await Promise.race([running, untilAborted(signal)]);
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function help(words: readonly string[], { commands, terminal }: Invocation): Promise<number> {
  if (words.length > 0) {
    terminal.out(commandHelp((await findCommand(words, commands)).command));
    return 0;
  }
  const all = await Promise.all(Object.values(commands).map(load => load()));
  terminal.out(generalHelp(all));
  return 0;
}

/** Names may have two words: `wiki create`. */
async function findCommand(
  args: readonly string[],
  commands: Commands,
): Promise<{ command: Command; rest: string[] }> {
  for (const words of [2, 1]) {
    const load = commands[args.slice(0, words).join(' ')];
    if (load !== undefined && args.length >= words) return { command: await load(), rest: args.slice(words) };
  }
  const names = Object.keys(commands);
  const group = names.filter(name => name.startsWith(`${args[0]} `));
  const typed = args.slice(0, group.length > 0 ? 2 : 1).join(' ');
  const near = nearest(typed, group.length > 0 ? group : [...names, 'help', 'version']);
  throw commandUnknown(typed, near === undefined ? group : [near]);
}

function wantsHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end).some(arg => arg === '--help' || arg === '-h');
}

/** One line, with the stable code; a stack only for what should never happen. */
function errorLine(error: unknown): string {
  if (isKittiwakeError(error)) return `error: ${error.message} (${error.code})`;
  return `error: unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

import type { Config, Secrets } from '../core/config.ts';
import type { FlagSpec } from '../core/flags.ts';
import type { ProjectionSettings } from '../core/projection-config.ts';
import type { Runtime } from '../core/runtime.ts';
import type { Terminal } from './terminal.ts';

/** One command of the command line. */
export interface Command {
  /** As it is typed; may be of two words. */
  name: string;
  /** What follows the name: `<folder>`. */
  operands: readonly string[];
  /** True when it takes any number of operands. */
  takesMany?: true;
  /** One line. */
  summary: string;
  /** Flags besides those of the settings. */
  flags: readonly FlagSpec[];
  /** More lines for its own help. */
  details?: string;
  /** True when it listens to the signal; others are left alone by Ctrl-C, whatever they are at. */
  stopsItself?: true;
  /** @returns the exit code: 0 done, 1 something is wrong */
  run(call: Call): Promise<number>;
}

/** One call of a command. */
export interface Call {
  config: Config;
  secrets: Secrets;
  projections: ProjectionSettings;
  /** Its own flags that were given. */
  options: ReadonlyMap<string, string>;
  operands: readonly string[];
  terminal: Terminal;
  runtime: Runtime;
  /** Aborted by the first Ctrl-C or SIGTERM; the second ends the process at once. */
  signal: AbortSignal;
}

/** How a command is called: `kittiwake export <folder>`. */
export function usageOf(command: Command): string {
  return ['kittiwake', command.name, ...command.operands].join(' ');
}

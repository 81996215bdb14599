import { COMMANDS } from '../../src/cli/commands.ts';
import { runCommand } from '../../src/cli/run-command.ts';
import type { Outcome } from './cli.ts';

/** Runs a command in this process: it need not load everything anew each time. */
export async function runHere(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const lines = { out: '', err: '' };
  const terminal = {
    out: (line: string) => {
      lines.out += `${line}\n`;
    },
    say: (line: string) => {
      lines.err += `${line}\n`;
    },
    draw: () => {},
    live: false,
    columns: 80,
  };
  const { signal } = new AbortController();
  return { code: await runCommand({ args, env, commands: COMMANDS, terminal, signal }), ...lines };
}

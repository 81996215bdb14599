#!/usr/bin/env node
import type { Command } from './command.ts';
import { type Commands, runCommand } from './run-command.ts';
import { processTerminal } from './terminal.ts';

/** Every command, in the order of the help. */
const COMMANDS: Commands = {
  serve: async (): Promise<Command> => (await import('./serve.ts')).serve,
  import: async (): Promise<Command> => (await import('./import.ts')).importCommand,
  export: async (): Promise<Command> => (await import('./export.ts')).exportCommand,
  flush: async (): Promise<Command> => (await import('./flush.ts')).flush,
  gc: async (): Promise<Command> => (await import('./gc.ts')).gc,
  doctor: async (): Promise<Command> => (await import('./doctor.ts')).doctor,
  'wiki create': async (): Promise<Command> => (await import('./wiki-create.ts')).wikiCreate,
  version: async (): Promise<Command> => (await import('./version.ts')).version,
};

const controller = new AbortController();
const stop = () => {
  // The second signal does not wait: what is committed is durable, and the rest never was.
  if (controller.signal.aborted) process.exit(130);
  controller.abort(new Error('stopped'));
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

process.exitCode = await runCommand({
  args: process.argv.slice(2),
  env: process.env,
  commands: COMMANDS,
  terminal: processTerminal(),
  signal: controller.signal,
});
process.off('SIGINT', stop);
process.off('SIGTERM', stop);
// A command that was stopped may leave work behind that nobody waits for.
if (controller.signal.aborted) process.exit();

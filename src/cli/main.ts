#!/usr/bin/env node
import { COMMANDS } from './commands.ts';
import { runCommand } from './run-command.ts';
import { processTerminal } from './terminal.ts';

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
// A command that was stopped may leave work behind that nobody waits for.
if (controller.signal.aborted) process.exit();

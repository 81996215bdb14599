import { spawn } from 'node:child_process';
import { commandFailed } from './errors.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Runs a command that speaks to the user itself.
 * @throws KittiwakeError `command_failed`
 */
export async function runCommand([command = '', ...args]: readonly string[], env: Env): Promise<void> {
  const child = spawn(command, args, { stdio: 'inherit', env });
  // Ctrl-C goes to both. This one waits for what the other makes of it.
  const wait = () => {};
  process.on('SIGINT', wait);
  try {
    const code = await endOf(child);
    if (code !== 0) throw commandFailed(command, code);
  } finally {
    process.off('SIGINT', wait);
  }
}

/** Runs a command and keeps what it says on standard error; its standard output is shown. */
export async function captureErrors(
  [command = '', ...args]: readonly string[],
  env: Env,
): Promise<{ code: number | null; errors: string }> {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'pipe'], env });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', chunk => {
    errors += chunk;
  });
  return { code: await endOf(child), errors };
}

function endOf(child: ReturnType<typeof spawn>): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

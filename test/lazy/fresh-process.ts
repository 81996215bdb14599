import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface FreshProcess {
  /** What the script wrote to its standard output, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: scripts report what they like
  report: any;
  /** The folder the script ran in, and its home and temporary folder. */
  folder: string;
}

/**
 * Runs a script of this folder in a process of its own, in an empty folder and with no environment but what Node needs.
 * It must come to its end by itself: a timer or socket that is left fails the test.
 */
export async function runFresh(script: string, ...args: string[]): Promise<FreshProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'kittiwake-fresh-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, script), ...args],
    {
      cwd: folder,
      env: { HOME: folder, TMPDIR: folder, PATH: '/usr/bin:/bin' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  let errors = '';
  child.stdout.on('data', chunk => {
    output += chunk;
  });
  child.stderr.on('data', chunk => {
    errors += chunk;
  });
  const code = await new Promise<number | null>(resolve => child.on('close', resolve));
  if (code !== 0) throw new Error(`${script} ended with ${code}:\n${errors}`);
  return { report: JSON.parse(output), folder };
}

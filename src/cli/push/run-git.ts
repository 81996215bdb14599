import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gitFailed, gitMissing } from './errors.ts';

export interface GitRun {
  /** For its standard input. Default: nothing. */
  input?: string;
  /** Where its standard output goes. Default: it is returned. */
  output?: Writable;
  signal: AbortSignal;
}

/** Of what is returned, for example names of refs. */
const MAX_TEXT_BYTES = 64 << 20;

/**
 * Runs the git of this machine in the present folder. What it asks it asks on the terminal.
 * @throws KittiwakeError `git_failed` with what it said
 */
export async function git(args: readonly string[], run: GitRun): Promise<string> {
  const { status, out, err } = await tryGit(args, run);
  if (status !== 0) throw gitFailed(args, err);
  return out;
}

/** The same, whatever comes of it. */
export async function tryGit(
  args: readonly string[],
  { input = '', output, signal }: GitRun,
): Promise<{ status: number; out: string; err: string }> {
  const child = spawn('git', args, { signal, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<number>((done, failed) => {
    child.once('error', error => failed(signal.aborted ? signal.reason : gitMissing(error)));
    child.once('close', code => done(code ?? 1));
  });
  // It may end without having read it.
  child.stdin.on('error', () => {}).end(input);
  const out = output === undefined ? textOf(child.stdout) : pipeline(child.stdout, output).then(() => '');
  const [status, told, err] = await Promise.all([ended, out, textOf(child.stderr)]);
  return { status, out: told.trim(), err };
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes <= MAX_TEXT_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

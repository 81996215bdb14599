import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A process that told in its first line that it is ready, and ends with its input: also when this process is killed. */
export interface Started {
  line: string;
  stop(): Promise<void>;
}

/** @throws Error when it ends without a word */
export async function startUntilTold(script: string, args: readonly string[]): Promise<Started> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const lines = createInterface(child.stdout);
  const first = await Promise.race([once(lines, 'line'), ended.then(() => undefined)]);
  if (first === undefined) throw new Error(`Starting ${script} fails: it ended without a word`);
  return {
    line: String(first[0]),
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** What a process took, as Linux tells it: proc_pid_status(5) and proc_pid_stat(5). */
export interface Taken {
  seconds: number;
  /** Of all its threads; undefined elsewhere. */
  processorSeconds: number | undefined;
  /** Resident, at most; undefined elsewhere. */
  peakBytes: number | undefined;
}

const LOOK_MS = 20;
/** Clock ticks of a second: sysconf(_SC_CLK_TCK) of all machines with a Linux of these decades. */
const TICKS = 100;

/** Runs a program to its end. @throws Error with what it said when it fails */
export async function measureProcess(
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<Taken> {
  const startMs = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', part => said.push(part));
  let taken: Omit<Taken, 'seconds'> = { processorSeconds: undefined, peakBytes: undefined };
  const look = () => {
    taken = lookAt(child.pid ?? 0) ?? taken;
  };
  const looking = setInterval(look, LOOK_MS);
  try {
    const [code] = await once(child, 'close');
    const seconds = (performance.now() - startMs) / 1000;
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} ends with ${code}: ${Buffer.concat(said)}`);
    return { seconds, ...taken };
  } finally {
    clearInterval(looking);
  }
}

function lookAt(pid: number): Omit<Taken, 'seconds'> | undefined {
  try {
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return peak === undefined
      ? undefined
      : { processorSeconds: ticks / TICKS, peakBytes: Number(peak) * 1024 };
  } catch {
    return undefined;
  }
}

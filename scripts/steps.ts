import { spawn } from 'node:child_process';

/** One command of the gate. */
export interface Step {
  name: string;
  command: readonly [string, ...string[]];
  /** Stopped, and failed, when it takes longer. */
  budgetSeconds: number;
  env?: Readonly<Record<string, string>>;
  /** Shows the output as it comes; otherwise it is shown when the step failed. */
  live?: boolean;
}

export interface StepResult {
  name: string;
  ok: boolean;
  seconds: number;
  budgetSeconds: number;
}

/** Runs the steps, at most `width` at once, all of them whatever fails; prints one line for each. */
export async function runSteps(steps: readonly Step[], width: number): Promise<StepResult[]> {
  const results: StepResult[] = [];
  const queue = [...steps];
  const lane = async () => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift())
      results.push(await runStep(step));
  };
  await Promise.all(Array.from({ length: width }, lane));
  return results;
}

/** Process groups under way; they end with this process. */
const running = new Set<number>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const pid of running) signalGroup(pid, 'SIGTERM');
    process.exit(130);
  });
}

/** Runs one step in its own process group, so that its budget ends its children too. */
export async function runStep(step: Step): Promise<StepResult> {
  const started = performance.now();
  const [command, ...args] = step.command;
  const live = step.live === true;
  const child = spawn(command, args, {
    stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
    env: { ...process.env, ...step.env },
    detached: true,
  });
  if (child.pid !== undefined) running.add(child.pid);
  const output: Buffer[] = [];
  child.stdout?.on('data', chunk => output.push(chunk));
  child.stderr?.on('data', chunk => output.push(chunk));
  let overran = false;
  let killer: NodeJS.Timeout | undefined;
  const timer = setTimeout(() => {
    overran = true;
    signalGroup(child.pid, 'SIGTERM');
    killer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), KILL_AFTER_MS);
  }, step.budgetSeconds * 1000);
  const code = await new Promise<number>(resolve => {
    child.once('error', error => {
      output.push(Buffer.from(`${error.message}\n`));
      resolve(127);
    });
    child.once('close', status => resolve(status ?? 1));
  });
  clearTimeout(timer);
  clearTimeout(killer);
  if (child.pid !== undefined) running.delete(child.pid);
  const seconds = (performance.now() - started) / 1000;
  const ok = code === 0 && !overran;
  if (!ok) process.stdout.write(Buffer.concat(output));
  const note = overran ? `  stopped: over its budget of ${step.budgetSeconds} s` : '';
  console.log(
    `${ok ? 'ok    ' : 'FAILED'}  ${step.name.padEnd(22)} ${seconds.toFixed(1).padStart(6)} s${note}`,
  );
  return { name: step.name, ok, seconds, budgetSeconds: step.budgetSeconds };
}

/** What is stopped gets so long to stop what it has started itself. */
const KILL_AFTER_MS = 5_000;

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** Prints the total against the budget of the whole; true when every step passed within it. */
export function summarise(
  title: string,
  results: readonly StepResult[],
  seconds: number,
  budgetSeconds: number,
): boolean {
  const failed = results.filter(result => !result.ok).map(result => result.name);
  const late = seconds > budgetSeconds;
  const verdict =
    failed.length > 0 ? `FAILED: ${failed.join(', ')}` : late ? 'FAILED: over budget' : 'passed';
  console.log(`${title}: ${verdict} (${seconds.toFixed(1)} s of ${budgetSeconds} s)`);
  return failed.length === 0 && !late;
}

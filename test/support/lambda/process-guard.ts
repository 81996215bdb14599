import { type ChildProcess, spawn } from 'node:child_process';

/** Keeps a list of processes from its input, and ends those that are left when the input ends, which it does with this process. */
const GUARD = `trap '' INT TERM HUP
pids=' '
while read -r what pid; do
  case $what in
    start) pids="$pids$pid " ;;
    end) case $pids in *" $pid "*) pids="\${pids%% $pid *} \${pids#* $pid }" ;; esac ;;
  esac
done
for pid in $pids; do kill -9 "$pid"; done`;

let guard: ChildProcess | undefined;

/** Has a process ended when this one is gone, however that comes: one that is stopped would stay for ever. */
export function guardProcess(child: ChildProcess): void {
  guard ??= startGuard();
  const { stdin } = guard;
  stdin?.write(`start ${child.pid}\n`);
  child.once('exit', () => stdin?.write(`end ${child.pid}\n`));
}

function startGuard(): ChildProcess {
  const started = spawn('/bin/sh', ['-c', GUARD], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  started.unref();
  // A pipe that is written to now and then must not keep this process either.
  (started.stdin as unknown as { unref(): void }).unref();
  return started;
}

import type { Runtime } from '../../core/runtime.ts';

const FIRST_PAUSE_MS = 50;
const MAX_PAUSE_MS = 1000;

/** Waits before the attempt after `attempt`: a random time below a limit that doubles. Ends early when the caller gives up. */
export async function pauseBetween(runtime: Runtime, attempt: number, signal?: AbortSignal): Promise<void> {
  const limitMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
  const pause = runtime.sleep(runtime.random() * limitMs);
  if (signal === undefined) return await pause;
  let stop = () => {};
  const aborted = new Promise<void>(resolve => {
    stop = resolve;
    signal.addEventListener('abort', stop, { once: true });
  });
  await Promise.race([pause, aborted]);
  signal.removeEventListener('abort', stop);
}

/**
 * Waits for work no longer than so many milliseconds. What cannot be stopped goes on; nobody waits for it, and it keeps no process
 * from ending.
 * @param action begins the message of the error
 * @throws Error `TimeoutError`; what the work throws
 */
export function within<T>(timeoutMs: number, work: () => Promise<T>, action: string): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const late = () =>
      reject(new DOMException(`${action}: it was not done after ${timeoutMs} ms`, 'TimeoutError'));
    signal.addEventListener('abort', late, { once: true });
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', late));
  });
}

import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Gives `work` a new folder inside `parent` and removes it afterwards, whatever comes. */
export async function inWorkFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(parent, 'kittiwake-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const stop = () => {
    remove();
    process.exit(130);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    return await work(folder);
  } finally {
    remove();
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
  }
}

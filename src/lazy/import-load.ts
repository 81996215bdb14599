import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The most that this process has had in memory since it began, with all its threads. */
export function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

/** Looks now and then how much lies in a folder, and remembers the most. */
export function watchFolder(folder: string, everyMs = 1_000): { stop(): number } {
  let most = 0;
  const look = () => {
    most = Math.max(most, bytesBelow(folder));
  };
  const timer = setInterval(look, everyMs);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      look();
      return most;
    },
  };
}

/** What goes while it is looked at counts nothing. */
function bytesBelow(folder: string): number {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    const sizes = entries.map(each =>
      each.isFile() ? (statSync(join(each.parentPath, each.name), { throwIfNoEntry: false })?.size ?? 0) : 0,
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch {
    return 0;
  }
}

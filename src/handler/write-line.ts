/**
 * Writes a line of the log of a function, at once: the process may be frozen at any time. A line that cannot be written is lost,
 * and not the request that it tells of.
 */
export function writeLine(line: string): void {
  try {
    process.getBuiltinModule('node:fs').writeSync(1, `${line}\n`);
  } catch {
    // There is nowhere else to tell it.
  }
}

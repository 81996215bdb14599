import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const STARTS = 5;

/** What the entry exports first in a fresh process, then one file more; prints how long that took. */
const SCRIPT = `const { pathToFileURL } = process.getBuiltinModule('node:url');
const [entry, file] = process.argv.slice(1);
await import(pathToFileURL(entry).href);
const before = process.hrtime.bigint();
await import(pathToFileURL(file).href);
process.stdout.write('\\n' + String(process.hrtime.bigint() - before));`;

/**
 * How long files of a function take to load, with what they import, each in processes of its own that have loaded the entry: the
 * median of five, in milliseconds by file. The addon is loaded with those that need it.
 * @throws Error when a file cannot be loaded
 */
export function loadTimes(folder: string, files: readonly string[]): Map<string, number> {
  const times = files.map((file): [string, number] => {
    const runs = Array.from({ length: STARTS }, () => loadOnce(folder, file)).sort((a, b) => a - b);
    return [file, runs[Math.floor(STARTS / 2)] ?? Number.NaN];
  });
  return new Map(times);
}

function loadOnce(folder: string, file: string): number {
  const args = ['--input-type=module', '--eval', SCRIPT, join(folder, 'index.mjs'), join(folder, file)];
  const output = execFileSync(process.execPath, args, { encoding: 'utf8', env: { PATH: process.env.PATH } });
  return Number(output.slice(output.lastIndexOf('\n') + 1)) / 1e6;
}

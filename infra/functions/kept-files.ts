import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the function calls the files that V8 kept: script, hash of the script, architecture and version. */
const NAME = /^[a-z]+\.([0-9a-f]{16})\.[\w.-]+\.cache$/;

export function isKeptName(name: string): boolean {
  return NAME.test(name);
}

/**
 * Keeps files for the next bundle in place of what was kept before. Each has the hash of its content in its name: V8 does not look
 * whether what it takes was damaged, and then ends the process.
 */
export function keepFiles(folder: string, files: ReadonlyMap<string, Buffer>): void {
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) if (splitSum(file) !== undefined) rmSync(join(folder, file));
  for (const [name, bytes] of files) writeFileSync(join(folder, `${name}.${sumOf(bytes)}`), bytes);
}

/** Puts what was kept of these very scripts, whole, beside them, whichever V8 kept it: the function reads that of its own. */
export function takeKept(from: string, folder: string): void {
  if (!existsSync(from)) return;
  const entered = readFileSync(join(folder, 'index.mjs'), 'utf8');
  for (const file of readdirSync(from)) {
    const { name = '', sum } = splitSum(file) ?? {};
    const [, hash] = NAME.exec(name) ?? [];
    if (hash === undefined || !entered.includes(hash)) continue;
    const bytes = readFileSync(join(from, file));
    if (sumOf(bytes) === sum) writeFileSync(join(folder, name), bytes);
  }
}

function splitSum(file: string): { name: string; sum: string } | undefined {
  const [, name, sum] = /^(.*\.cache)\.([0-9a-f]{16})$/.exec(file) ?? [];
  return name === undefined || sum === undefined ? undefined : { name, sum };
}

function sumOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

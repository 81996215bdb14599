import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const SOURCE = resolve(import.meta.dirname, '../../src');

/** One deliberate defect: in `file` of a module (a path inside it), `find` (which must be there exactly once) becomes `replace`. */
export interface Defect {
  file: string;
  find: string;
  replace: string;
}

export interface Mutant {
  /** Imports a file of the copy. */
  load(file: string): Promise<unknown>;
  remove: () => void;
}

/**
 * A copy of a module of `src` with a defect; it shares all other modules with the original.
 * @throws Error when the source has changed and the defect no longer fits
 */
export function mutantOf(module: 'swap' | 'git' | 'storage' | 'db', defect: Defect): Mutant {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-mutant-'));
  cpSync(join(SOURCE, module), folder, { recursive: true });
  symlinkSync(resolve(SOURCE, '../node_modules'), join(folder, 'node_modules'));
  const names = readdirSync(join(SOURCE, module), { recursive: true, encoding: 'utf8' });
  for (const name of names.filter(name => name.endsWith('.ts'))) {
    let text = readFileSync(join(folder, name), 'utf8');
    if (name === defect.file) text = applied(text, defect);
    writeFileSync(join(folder, name), outwards(text, module, dirname(name)));
  }
  return {
    load: file => import(/* @vite-ignore */ join(folder, file)),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function applied(text: string, { file, find, replace }: Defect): string {
  const parts = text.split(find);
  if (parts.length === 2) return parts.join(replace);
  throw new Error(`Mutating "${file}": "${find}" is there ${parts.length - 1} times, wanted once`);
}

/** Imports of other modules lead to the originals; those within the module stay within the copy. */
function outwards(text: string, module: string, folder: string): string {
  const home = join(SOURCE, module);
  return text.replace(/'(\.\.\/[^']+\.ts)'/g, (specifier, path: string) => {
    const target = resolve(home, folder, path);
    return target.startsWith(`${home}/`) ? specifier : `'${target}'`;
  });
}

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { createSwap } from '../../src/swap/swapper.ts';

const SOURCE = resolve(import.meta.dirname, '../../src/swap');
const NEIGHBOURS = resolve(import.meta.dirname, '../../src');

/** One deliberate defect: in `file` of src/swap, `find` (which must be there exactly once) becomes `replace`. */
export interface Defect {
  file: string;
  find: string;
  replace: string;
}

export interface Mutant {
  createSwap: typeof createSwap;
  remove: () => void;
}

/** A copy of the module with a defect. @throws Error when the source has changed and the defect no longer fits */
export async function mutantOf(defect: Defect): Promise<Mutant> {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-mutant-'));
  cpSync(SOURCE, folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    let text = readFileSync(join(folder, name), 'utf8');
    if (name === defect.file) text = applied(text, defect);
    writeFileSync(join(folder, name), text.replaceAll("'../", `'${NEIGHBOURS}/`));
  }
  const module = (await import(/* @vite-ignore */ join(folder, 'swapper.ts'))) as {
    createSwap: typeof createSwap;
  };
  return { createSwap: module.createSwap, remove: () => rmSync(folder, { recursive: true }) };
}

function applied(text: string, { file, find, replace }: Defect): string {
  const parts = text.split(find);
  if (parts.length === 2) return parts.join(replace);
  throw new Error(`Mutating "${file}": "${find}" is there ${parts.length - 1} times, wanted once`);
}

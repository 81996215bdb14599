import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createData, filesBelow, ledgerFile } from '../support/data-folder.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { commitFiles } from '../support/repository.ts';

/** A data folder whose wiki has the pages `old` and `folder/deep` in a pack, and `new` in its ledger. */
export async function prepareData(): Promise<string> {
  const data = temporaryFolder();
  const repository = await createData(data);
  await commitFiles(repository, { 'old.md': 'old text', 'folder/deep.md': 'deep text' });
  await repository.flusher.flush();
  await commitFiles(repository, { 'new.md': 'new text' });
  return data;
}

export function copyOf(data: string): string {
  const copy = temporaryFolder();
  cpSync(data, copy, { recursive: true });
  return copy;
}

export type Part = 'ledger' | 'pack' | 'idx' | 'map';

/** The path in the data folder of the file that holds a part of the wiki. */
export function fileOf(data: string, part: Part): string {
  if (part === 'ledger') return ledgerFile(data);
  const file = Object.keys(filesBelow(data)).find(path => path.endsWith(`.${part}`));
  if (file === undefined) throw new Error(`no file ends in .${part}`);
  return file;
}

const DAMAGES = {
  flipped: (file: string) =>
    writeFileSync(
      file,
      readFileSync(file).map((byte, index) => (index % 7 === 3 ? byte ^ 0x55 : byte)),
    ),
  /** To the length of a header. */
  truncated: (file: string) => truncateSync(file, 12),
  missing: (file: string) => rmSync(file),
} as const;

export type Damage = keyof typeof DAMAGES;

export function damage(data: string, part: Part, how: Damage): void {
  DAMAGES[how](join(data, fileOf(data, part)));
}

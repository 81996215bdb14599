import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git, nativeGitVersion } from '../support/native-git.ts';
import { pageText, seededRandom } from '../support/page-text.ts';

export interface Corpus {
  name: string;
  /** Path and text. */
  pages: readonly (readonly [path: string, text: string])[];
}

/** A real wiki that is not ours to ship. */
const REAL = join(import.meta.dirname, '../../../shared/data/otter-docs.bundle');

/** Undefined where it is not beside the repository. */
export async function realCorpus(folder: string): Promise<Corpus | undefined> {
  if (!existsSync(REAL) || nativeGitVersion() === undefined) return undefined;
  const clone = join(folder, 'real');
  await git(folder, ['clone', '--quiet', REAL, clone]);
  const files = (await readdir(clone, { recursive: true })).filter(file => file.endsWith('.md')).sort();
  const pages = await Promise.all(
    files.map(async file => [file, await readFile(join(clone, file), 'utf8')] as const),
  );
  return { name: `a real wiki: ${pages.length} pages`, pages };
}

/** A part, spread evenly, of a wiki of so many pages that link to each other. */
export function madeCorpus(count: number, part: number): Corpus {
  const random = seededRandom(count);
  const path = (number: number) => `section-${number % 97}/page-${number}`;
  const pages = Array.from({ length: part }, (_, at) => {
    const number = Math.floor((at * count) / part);
    const links = Array.from({ length: 3 }, () => path(Math.floor(random() * count)));
    return [`${path(number)}.md`, pageText({ seed: number, bytes: 1_500, links })] as const;
  });
  return { name: `${part} of ${count} made pages`, pages };
}

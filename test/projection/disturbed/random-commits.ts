import type { LedgerRepository } from '../../../src/git/open.ts';
import type { Prng } from '../../simulation/prng.ts';
import { commitFiles } from '../../support/repository.ts';

export const PATHS = ['home', 'docs/intro', 'docs/setup', 'docs/deep/er', 'a b', 'ü', 'log', 'plan'];
const WORDS = [
  'gull',
  'tern',
  '[[docs/intro]]',
  '[setup](/docs/setup)',
  '# Birds',
  '[[plan]]',
  '![](a.png)',
  '$x^2$',
];

/** The same commits for the same seed, one after the other: pages with links, attachments, renames, removals. */
export class RandomCommits {
  readonly #repository: LedgerRepository;
  readonly #prng: Prng;
  readonly #files = new Map<string, string>();
  #committed: ReadonlySet<string> = new Set();
  #count = 0;

  constructor(repository: LedgerRepository, prng: Prng) {
    this.#repository = repository;
    this.#prng = prng;
  }

  async next(): Promise<void> {
    const changes: Record<string, string | null> = {};
    for (let more = this.#prng.between(1, 4); more > 0; more -= 1) this.#change(changes);
    this.#count += 1;
    if (Object.keys(changes).length === 0) return;
    await commitFiles(this.#repository, changes, `Commit ${this.#count}\n`);
    this.#committed = new Set(this.#files.keys());
  }

  #change(changes: Record<string, string | null>): void {
    const existing = [...this.#files.keys()];
    const old = existing[Math.floor(this.#prng.between(0, Math.max(1, existing.length)))];
    const kind = this.#prng.between(0, 10);
    const set = (path: string, text: string | null) => {
      if (text === null && !this.#committed.has(path)) delete changes[path];
      else changes[path] = text;
      if (text === null) this.#files.delete(path);
      else this.#files.set(path, text);
    };
    const path = this.#pick(PATHS);
    if (kind < 2 && old !== undefined) set(old, null);
    else if (kind < 4 && old?.endsWith('.md') && !this.#files.has(`${path}.md`)) {
      const text = this.#files.get(old) ?? '';
      set(old, null);
      set(`${path}.md`, text);
    } else if (kind < 6) set(`${path}/a.png`, `png ${this.#prng.uint32()}`);
    else {
      const words = Array.from({ length: 12 }, () => this.#pick(WORDS));
      set(`${path}.md`, `${this.#count} ${this.#prng.uint32()}\n\n${words.join(' ')}\n`);
    }
  }

  #pick(from: readonly string[]): string {
    return from[Math.floor(this.#prng.between(0, from.length))] ?? '';
  }
}

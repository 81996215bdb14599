/** An import that can be worked on. */
export interface WaitingImport {
  /** Of the wiki. */
  uuid: string;
  id: string;
}

export interface ImportTurnsOptions {
  /** At once, and of one wiki at once. */
  maxJobs: number;
  maxPerWiki: number;
  /** Works on an import for a turn; true when there is more of it to do at once. Must not throw. */
  run(waiting: WaitingImport): Promise<boolean>;
}

/** Has imports take turns: wikis one after the other, and of each wiki the oldest import first. */
export class ImportTurns {
  readonly #options: ImportTurnsOptions;
  /** By wiki; whose turn was longest ago comes first. */
  readonly #waiting = new Map<string, WaitingImport[]>();
  readonly #running = new Map<string, WaitingImport>();
  readonly #ending = new Set<Promise<void>>();
  #isStopping = false;

  constructor(options: ImportTurnsOptions) {
    this.#options = options;
  }

  /** Nothing waits, and nothing is worked on. */
  get isIdle(): boolean {
    return this.#running.size === 0 && this.#waiting.size === 0;
  }

  /** What can be worked on in a wiki, the oldest first; replaces what was said before. */
  offer(uuid: string, imports: readonly WaitingImport[]): void {
    const fresh = imports.filter(({ id }) => !this.#running.has(id));
    if (fresh.length === 0) this.#waiting.delete(uuid);
    else this.#waiting.set(uuid, fresh);
    this.#fill();
  }

  /** Resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#ending);
  }

  #fill(): void {
    while (!this.#isStopping && this.#running.size < this.#options.maxJobs) {
      const next = this.#next();
      if (next === undefined) return;
      this.#start(next);
    }
  }

  #next(): WaitingImport | undefined {
    for (const [uuid, waiting] of this.#waiting) {
      const underWay = [...this.#running.values()].filter(each => each.uuid === uuid).length;
      const [first, ...rest] = waiting;
      if (first === undefined || underWay >= this.#options.maxPerWiki) continue;
      // To the end of the line.
      this.#waiting.delete(uuid);
      if (rest.length > 0) this.#waiting.set(uuid, rest);
      return first;
    }
    return undefined;
  }

  #start(next: WaitingImport): void {
    this.#running.set(next.id, next);
    const ended = this.#options.run(next).then(hasMore => {
      this.#running.delete(next.id);
      this.#ending.delete(ended);
      if (hasMore) this.#waiting.set(next.uuid, [...(this.#waiting.get(next.uuid) ?? []), next]);
      this.#fill();
    });
    this.#ending.add(ended);
  }
}

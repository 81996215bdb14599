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
  /** By wiki. */
  readonly #waiting = new Map<string, WaitingImport[]>();
  /** When each wiki last had a turn, as turns are counted. */
  readonly #turns = new Map<string, number>();
  #count = 0;
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

  /** Of the wiki whose turn was longest ago. */
  #next(): WaitingImport | undefined {
    const underWay = (uuid: string) => [...this.#running.values()].filter(each => each.uuid === uuid).length;
    const free = [...this.#waiting].filter(([uuid]) => underWay(uuid) < this.#options.maxPerWiki);
    const [uuid = '', waiting = []] = free.reduce<(typeof free)[number] | []>(
      (first, each) => (first.length === 0 || this.#turnOf(each[0]) < this.#turnOf(first[0]) ? each : first),
      [],
    );
    const [first, ...rest] = waiting;
    if (rest.length === 0) this.#waiting.delete(uuid);
    else this.#waiting.set(uuid, rest);
    return first;
  }

  #turnOf(uuid: string): number {
    return this.#turns.get(uuid) ?? 0;
  }

  #start(next: WaitingImport): void {
    this.#running.set(next.id, next);
    this.#count += 1;
    this.#turns.set(next.uuid, this.#count);
    const ended = this.#options.run(next).then(hasMore => {
      this.#running.delete(next.id);
      this.#ending.delete(ended);
      if (hasMore) this.#waiting.set(next.uuid, [...(this.#waiting.get(next.uuid) ?? []), next]);
      this.#fill();
    });
    this.#ending.add(ended);
  }
}

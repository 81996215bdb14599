/** Work that goes on while nobody waits for its result: late and doubled effects. */
export class Detached {
  readonly #works = new Set<Promise<unknown>>();

  /** Work that is cut off by the stop of its server ends silently. */
  add(work: Promise<unknown>): void {
    const done = work.catch(ignoreStop).finally(() => this.#works.delete(done));
    this.#works.add(done);
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    while (this.#works.size > 0) await Promise.all(this.#works);
  }
}

/** For `catch`: a pause that the stop of a server cut off is no error. */
export function ignoreStop(error: unknown): undefined {
  if (error instanceof Error && error.name === 'AbortError') return undefined;
  throw error;
}

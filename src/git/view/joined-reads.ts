/** Reads the bytes of a file from `start` up to `end` (exclusive). */
export type ReadRange = (file: string, start: number, end: number) => Promise<Buffer>;

/** Bytes between two ranges that are read along: they cost less than another request. */
const MAX_GAP_BYTES = 16 << 10;
/** A joined range is not longer than this. */
const MAX_JOINED_BYTES = 8 << 20;

interface Asked {
  start: number;
  end: number;
  resolve(bytes: Buffer): void;
  reject(error: unknown): void;
}

/**
 * Reads of files by range. Those that are asked for inside {@link JoinedReads.together} go out at its end, with ranges of
 * one file that lie near each other as one request; all others go out at once.
 */
export class JoinedReads {
  readonly #read: ReadRange;
  /** By file; undefined outside of `together`. */
  #open: Map<string, Asked[]> | undefined;

  constructor(read: ReadRange) {
    this.#read = read;
  }

  read(file: string, start: number, end: number): Promise<Buffer> {
    const open = this.#open;
    if (open === undefined) return this.#read(file, start, end);
    return new Promise((resolve, reject) => {
      const asked = { start, end, resolve, reject };
      const list = open.get(file);
      if (list) list.push(asked);
      else open.set(file, [asked]);
    });
  }

  /** Runs `ask`; what it asks for before it first waits is read together. */
  together<T>(ask: () => T): T {
    if (this.#open !== undefined) return ask();
    const open = new Map<string, Asked[]>();
    this.#open = open;
    try {
      return ask();
    } finally {
      this.#open = undefined;
      for (const [file, asked] of open) for (const run of runsOf(asked)) void this.#readRun(file, run);
    }
  }

  async #readRun(file: string, run: readonly Asked[]): Promise<void> {
    const start = (run[0] as Asked).start;
    const end = run.reduce((last, each) => Math.max(last, each.end), start);
    try {
      const bytes = await this.#read(file, start, end);
      for (const each of run) each.resolve(bytes.subarray(each.start - start, each.end - start));
    } catch (error) {
      for (const each of run) each.reject(error);
    }
  }
}

/** The ranges in order, those that are near each other together. */
function runsOf(asked: readonly Asked[]): Asked[][] {
  const runs: Asked[][] = [];
  let [first, end] = [0, Number.NEGATIVE_INFINITY];
  for (const each of asked.toSorted((a, b) => a.start - b.start)) {
    const joins = each.start - end <= MAX_GAP_BYTES && each.end - first <= MAX_JOINED_BYTES;
    if (joins) (runs.at(-1) as Asked[]).push(each);
    else {
      runs.push([each]);
      first = each.start;
      end = each.end;
    }
    end = Math.max(end, each.end);
  }
  return runs;
}

/** The object that is swapped: which requests were carried out. */
export interface Tally {
  seq: number;
  /** Those of this version. */
  added: readonly string[];
  /** The newest ones, those of this version included: here the others find what became of theirs. */
  verdicts: readonly string[];
}

export const TALLY_KEY = 'tally';
const KEPT_VERDICTS = 1_000;

export const emptyTally: Tally = { seq: 0, added: [], verdicts: [] };

export function withAdded({ seq, verdicts }: Tally, added: readonly string[]): Tally {
  return { seq: seq + 1, added, verdicts: [...verdicts, ...added].slice(-KEPT_VERDICTS) };
}

export function tallyBody(tally: Tally): Buffer[] {
  return [Buffer.from(JSON.stringify(tally))];
}

export function tallyOf(bytes: Buffer): Tally {
  return JSON.parse(bytes.toString()) as Tally;
}

import { stateUnreadable } from '../errors.ts';
import type { ParseOwn, ProjectionState } from '../state/projection-state.ts';

/**
 * What the site keeps about itself besides the cursor. Objects up to the key `upTo` are those of the cursor's commit and of
 * `variant`, except those that are claimed.
 */
export interface SiteState {
  /** Settings, rules and code that the objects were made with; empty: none were made. */
  variant: string;
  /** Null: all of them. */
  upTo: string | null;
  claims: readonly Claim[];
  /** Objects that stand where there is nothing any more, because somebody may have been about to write there. */
  tombstones: readonly Tombstone[];
  /** By page: files that it was made of besides its own text. */
  uses: Readonly<Record<string, readonly string[]>>;
  /** Addresses that caches have to be told of, as `siteKey` takes them. */
  stale: readonly string[];
  /** When all objects were last compared with what they should be, in milliseconds since the epoch. */
  checkedMs: number;
}

/** What a run is about to write: whoever finds the claim of a run that never ended makes it again. */
export interface Claim {
  id: string;
  /** What the run makes objects of: commit and variant. */
  target: string;
  keys: readonly string[];
  sinceMs: number;
  /** The run is over: nothing more is written. */
  isOver: boolean;
}

export interface Tombstone {
  key: string;
  sinceMs: number;
}

export type State = ProjectionState<SiteState>;

export const NEW_SITE: SiteState = {
  variant: '',
  upTo: '',
  claims: [],
  tombstones: [],
  uses: {},
  stale: [],
  checkedMs: 0,
};

export function parseSiteState(key: string): ParseOwn<SiteState> {
  return own => {
    const { variant, upTo, claims, tombstones, uses, stale, checkedMs } = (own ?? {}) as Partial<SiteState>;
    const isSound =
      typeof variant === 'string' &&
      (upTo === null || typeof upTo === 'string') &&
      [claims, tombstones, stale].every(Array.isArray) &&
      typeof uses === 'object' &&
      uses !== null &&
      Number.isSafeInteger(checkedMs);
    if (!isSound) throw stateUnreadable(key);
    return { variant, upTo, claims, tombstones, uses, stale, checkedMs } as SiteState;
  };
}

/** After so long no run that is still alive may write what it claimed. */
export const CLAIM_MS = 3_600_000;

/** Whether a run with another target may still write an object. */
export function isContested({ claims }: SiteState, key: string, target: string, nowMs: number): boolean {
  return claims.some(
    claim =>
      !claim.isOver &&
      claim.sinceMs + CLAIM_MS >= nowMs &&
      claim.target !== target &&
      claim.keys.includes(key),
  );
}

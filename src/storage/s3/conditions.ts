import type { PutCondition, Version } from '../byte-store.ts';
import { isVersion } from './reading.ts';

/** How a server wants the ETag in `If-Match`. Ceph 16 compares it with the quotes and so finds it different. */
export type Quoting = 'quoted' | 'bare';

/** The version of nothing: no object has it. */
export const NO_VERSION = `"${'0'.repeat(32)}"`;

export function conditionHeaders(condition: PutCondition, quoting: Quoting): Record<string, string> {
  if ('immutable' in condition) return {};
  if ('ifAbsent' in condition) return { 'if-none-match': '*' };
  const { ifMatch } = condition;
  // A bare asterisk matches everything, and an empty header may count as none.
  const tag = isVersion(ifMatch) && ifMatch !== '"*"' ? ifMatch : NO_VERSION;
  return { 'if-match': quoting === 'quoted' ? tag : tag.slice(1, -1) };
}

/** A swap that was answered 412. */
export interface Refused {
  key: string;
  version: Version;
}

/**
 * How this server wants `If-Match`. Told by `probe`; else learnt: a version that was refused, and that a later read finds
 * to be the current one, was written the wrong way.
 */
export class IfMatchStyle {
  readonly #isFixed: boolean;
  #quoting: Quoting;
  #lastRefused: Refused | undefined;

  constructor(wanted: Quoting | 'auto', isAws: boolean) {
    this.#isFixed = wanted !== 'auto';
    if (wanted === 'auto') this.#quoting = isAws ? 'quoted' : 'bare';
    else this.#quoting = wanted;
  }

  get quoting(): Quoting {
    return this.#quoting;
  }

  set quoting(quoting: Quoting) {
    this.#quoting = quoting;
    this.#lastRefused = undefined;
  }

  /** To be taken before a read. */
  get lastRefused(): Refused | undefined {
    return this.#lastRefused;
  }

  /** `swap` was refused, written as `quoting`: that tells nothing where others have learnt better meanwhile. */
  refused(swap: Refused, quoting: Quoting): void {
    if (!this.#isFixed && quoting === this.#quoting) this.#lastRefused = swap;
  }

  /** A read that began after `refused` found this version. */
  found(refused: Refused | undefined, { key, version }: Refused): void {
    if (refused === undefined || refused !== this.#lastRefused) return;
    if (refused.key !== key || refused.version !== version) return;
    this.quoting = this.#quoting === 'quoted' ? 'bare' : 'quoted';
  }
}

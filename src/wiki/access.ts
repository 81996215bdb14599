/** What one caller may do in one version of a wiki. */
export interface Permits {
  /** True: nothing is refused and nothing hidden, so that nobody needs to ask. */
  readonly all: boolean;
  /** True: nothing is hidden. Absent: as {@link Permits.all}. */
  readonly readsAll?: boolean;
  /** Most that the wiki may take; 0 or absent: no limit. They hold for everybody. */
  readonly limits?: { readonly pages?: number; readonly bytes?: number };
  /** Settings of the wiki. They hold for everybody. */
  readonly preferences?: {
    /** Default OPTIONAL. DISABLED: a message that is given is not used. */
    readonly commitMessage?: 'REQUIRED' | 'OPTIONAL' | 'DISABLED';
    /** In place of `[api] ACTION: PAGE` where no message is given; `%P` is the page. Empty or absent: none. */
    readonly defaultCommitMessage?: string;
    /** The page that a reader sees first. Absent or empty: `Home`. */
    readonly homePage?: string;
  };
  /** @param path of a file of the repository: `docs/intro.md`, `docs/intro/plan.png` */
  may(right: 'read' | 'write' | 'upload', path: string): boolean;
}

/**
 * A caller's permits, by the policy that the version of the wiki holds (undefined: none was ever set). Asked again for
 * every version that is read and for every attempt of a write. Must not throw.
 */
export type Access = (policy: unknown) => Permits;

export const EVERYTHING: Permits = { all: true, may: () => true };

export function readsAll(permits: Permits): boolean {
  return permits.all || permits.readsAll === true;
}

export const FULL_ACCESS: Access = () => EVERYTHING;

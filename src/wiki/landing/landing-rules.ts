import type { Access, Permits } from '../access.ts';
import type { WriteHooks } from '../change/hooks.ts';
import type { WikiSettings } from '../settings.ts';

/** Who brings commits that were made elsewhere, and what holds for them as for any write. */
export interface LandingRules {
  /** What whoever brings them may do. */
  access: Access;
  settings: WikiSettings;
  /** Asked about each commit. Absent: nobody is. */
  hooks?: (() => Promise<WriteHooks | undefined>) | undefined;
}

/** The same for one version of the wiki. */
export type LandingGround = Omit<LandingRules, 'access'> & { permits: Permits };

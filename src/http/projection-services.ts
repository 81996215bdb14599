import type { ProjectionStatus } from '../projection/runnable.ts';

/** What routes reach of what follows from commits, as one caller may use it. */
export interface ProjectionServices {
  /** How each projection stands, for who administers the wiki. @throws KittiwakeError `forbidden` */
  status(): Promise<ProjectionStatus[]>;
}

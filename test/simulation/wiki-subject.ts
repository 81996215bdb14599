import { openRepository } from '../../src/git/open.ts';
import { collectGarbage } from '../../src/git/upkeep/gc.ts';
import { mergeNewest } from '../../src/git/upkeep/merge.ts';
import { pruneUnreachable } from '../../src/git/upkeep/prune.ts';

/** What the simulation of a wiki takes from `src/git`: the module, or a copy of it with a defect. */
export interface Subject {
  openRepository: typeof openRepository;
  mergeNewest: typeof mergeNewest;
  collectGarbage: typeof collectGarbage;
  pruneUnreachable: typeof pruneUnreachable;
}

export const realSubject: Subject = { openRepository, mergeNewest, collectGarbage, pruneUnreachable };

import type { CommitRequest, Committed, Plan, Repository, View } from '../../git/repository.ts';
import type { Access, Permits } from '../access.ts';
import { CommitSights } from './commit-sights.ts';
import { visibleView } from './visible-view.ts';

/** What reads of one caller are made on. */
export interface Views {
  /** A version with what the caller may read; see {@link Repository.view}. */
  view: Repository['view'];
}

/** A repository as one caller may use it. */
export interface BoundRepository extends Views {
  /** The version on which a write would be planned now. */
  ground(): Promise<Ground>;
  /** See {@link Repository.commit}. */
  commit<R>(request: BoundCommit<R>): Promise<Committed<R>>;
  largeFiles: Repository['largeFiles'];
}

/** What a write is planned on: all that there is, so that nothing hidden is overwritten, and what the caller may do to it. */
export interface Ground {
  view: View;
  permits: Permits;
  /** What the caller may read of it. */
  visible: View;
}

export type BoundCommit<R> = Omit<CommitRequest<R>, 'plan'> & { plan(ground: Ground): Promise<Plan<R>> };

/** @param sights shared by all callers of the wiki */
export function bindRepository(
  repository: Repository,
  access: Access,
  sights = new CommitSights(),
): BoundRepository {
  const ground = (view: View): Ground => {
    const permits = access(view.policy);
    return { view, permits, visible: visibleView(view, permits, sights) };
  };
  return {
    view: async options => ground(await repository.view(options)).visible,
    ground: async () => ground(await repository.view()),
    commit: ({ plan, ...request }) => repository.commit({ ...request, plan: view => plan(ground(view)) }),
    largeFiles: () => repository.largeFiles(),
  };
}

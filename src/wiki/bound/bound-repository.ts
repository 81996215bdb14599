import type { CommitRequest, Committed, Plan, Repository, View } from '../../git/repository.ts';
import type { Access, Permits } from '../access.ts';
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
}

export type BoundCommit<R> = Omit<CommitRequest<R>, 'plan'> & { plan(ground: Ground): Promise<Plan<R>> };

export function bindRepository(repository: Repository, access: Access): BoundRepository {
  const ground = (view: View) => ({ view, permits: access(view.policy) });
  return {
    async view(options) {
      const view = await repository.view(options);
      return visibleView(view, access(view.policy));
    },
    ground: async () => ground(await repository.view()),
    commit: ({ plan, ...request }) => repository.commit({ ...request, plan: view => plan(ground(view)) }),
    largeFiles: () => repository.largeFiles(),
  };
}

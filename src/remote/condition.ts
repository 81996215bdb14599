import type { LedgerRepository } from '../git/open.ts';
import type { Remote } from './remote.ts';

/** Those that fail, and how far those have come that are pushed to after commits. */
export async function conditionOfRemotes(remotes: readonly Remote[], repository: LedgerRepository) {
  const active = remotes.filter(remote => remote.active);
  const setAside = active.flatMap(({ name, status }) => {
    const { lastError, failures, nextMs = 0, lastSuccessMs } = status;
    if (lastError === undefined) return [];
    const { atMs, code, message } = lastError;
    return [{ item: name, code, message, sinceMs: lastSuccessMs ?? atMs, dueMs: nextMs, attempts: failures }];
  });
  const followers = active.filter(({ afterCommits }) => afterCommits);
  const cursor = await slowest(followers, repository);
  return { cursor, setAside, dropped: 0, isOff: followers.length === 0 };
}

async function slowest(remotes: readonly Remote[], repository: LedgerRepository) {
  if (remotes.length === 0) return undefined;
  const view = await repository.view();
  const places = await Promise.all(
    remotes.map(async ({ status: { pushed } }) => {
      const commit = pushed === undefined ? undefined : await view.commit(pushed);
      return { head: commit?.oid ?? null, ordinal: commit?.ordinal ?? -1 };
    }),
  );
  return places.reduce((a, b) => (b.ordinal < a.ordinal ? b : a));
}

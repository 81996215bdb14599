import { remoteNotFound } from './errors.ts';
import type { Remote } from './remote.ts';

/** What a change of the remotes comes to; without `remotes` all stays as it is. */
export type RemotesChange<R> = { remotes?: readonly Remote[]; result: R };

/** The remotes of a wiki: one document, which is changed by swap. */
export interface Remotes {
  list(): Promise<readonly Remote[]>;
  /** `decide` decides from what there is alone, runs again on every attempt, and throws to refuse. */
  change<R extends NonNullable<unknown> | null>(
    decide: (remotes: readonly Remote[]) => RemotesChange<R>,
  ): Promise<R>;
}

/** @throws KittiwakeError `remote_not_found` */
export function foundIn(remotes: readonly Remote[], name: string): Remote {
  const found = remotes.find(remote => remote.name === name);
  if (found === undefined) throw remoteNotFound(name);
  return found;
}

/**
 * Changes one of them.
 * @param update undefined: it stays as it is
 * @throws KittiwakeError `remote_not_found`; what `update` throws
 */
export function updateRemote(
  remotes: Remotes,
  name: string,
  update: (remote: Remote) => Remote | undefined,
): Promise<Remote> {
  return remotes.change(all => {
    const before = foundIn(all, name);
    const result = update(before);
    if (result === undefined) return { result: before };
    return { remotes: all.map(each => (each === before ? result : each)), result };
  });
}

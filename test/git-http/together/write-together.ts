import type { ServedWiki } from '../../support/served-wiki.ts';
import { remoteOf } from '../clone.ts';
import { expectAllThere } from './all-there.ts';
import { writeByApi } from './api-writer.ts';
import { summaryOf } from './course.ts';
import { cloneFor, writeByGit } from './git-writer.ts';

export interface Together {
  /** Clients of git, and as many of the API. */
  clients: number;
  seconds: number;
  /** For how long a client of the API waits between two writes; 0: not at all. */
  pauseMs: number;
}

/** How many clients of each kind there are; `KITTIWAKE_TEST_CLIENTS` says otherwise. */
export const CLIENTS = Number(process.env.KITTIWAKE_TEST_CLIENTS ?? 6);

/** For how long they write; `KITTIWAKE_TEST_SECONDS` says otherwise. */
export const SECONDS = Number(process.env.KITTIWAKE_TEST_SECONDS ?? 5);

/**
 * Clients of git and of the API write at the same time until the time is over; what is under way is finished.
 * Fails unless all that was acknowledged is there once. Prints how it went.
 */
export async function writeTogether(
  wiki: ServedWiki,
  { clients, seconds, pauseMs }: Together,
): Promise<void> {
  const api = wiki.client({ deadlineMs: 300_000, timeoutMs: 120_000, retries: 1_000, backoffMs: 50 });
  await api.put('shared', 'All of them write here.\n', { message: 'The beginning' });
  const remote = remoteOf(wiki.url, wiki.key);
  const numbers = Array.from({ length: clients }, (_, number) => number);
  const clones = await Promise.all(numbers.map(() => cloneFor(remote)));
  const endMs = performance.now() + seconds * 1_000;
  const span = { isOver: () => performance.now() >= endMs };
  const [byGit, byApi] = await Promise.all([
    Promise.all(
      clones.map((clone, n) => writeByGit(clone, `git ${n}`, n % 2 === 0 ? 'rebase' : 'merge', span)),
    ),
    Promise.all(numbers.map(n => writeByApi(api, `api ${n}`, span, pauseMs))),
  ]);
  const tookSeconds = seconds + (performance.now() - endMs) / 1_000;
  const [own, shared] = [byApi.map(each => each.own), byApi.map(each => each.shared)];
  console.log(
    [
      summaryOf('clients of git', byGit),
      summaryOf('clients of the API, a page each', own),
      summaryOf('clients of the API, one page', shared),
      `${seconds} s of writing, ${tookSeconds.toFixed(1)} s until the last push was taken`,
    ].join('\n'),
  );
  await expectAllThere(remote, [...byGit, ...own, ...shared]);
}

import type { Outbox } from './clone.ts';

/** What git would print, so that it reads alike. */

/** @param before what the ref was; undefined: it is made */
export function pushedLine({ after, branch, ref }: Outbox, before: string | undefined): string {
  const there = shortOf(ref);
  if (before === undefined) return ` * [new branch]      ${branch} -> ${there}`;
  return `   ${before.slice(0, 7)}..${after.slice(0, 7)}  ${branch} -> ${there}`;
}

export function rejectedLine({ branch, ref }: Outbox, reason: string): string {
  return `${branch} -> ${shortOf(ref)} (${reason})`;
}

/** What the wiki says. */
export function remoteLines(message: string): string[] {
  return [`remote: Kittiwake: ${message}.`];
}

function shortOf(ref: string): string {
  return ref.replace(/^refs\/(?:heads|tags)\//, '');
}

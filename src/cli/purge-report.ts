import type { Purging } from '../lazy/purging.ts';
import { counted } from './import-summary.ts';

type Plan = Awaited<ReturnType<Purging['plan']>>;
type Report = Awaited<ReturnType<Purging['rewrite']>>;
type Erased = Awaited<ReturnType<Purging['erase']>>;

/** Commits that brought in what goes, with the paths at which it stood. */
export function planLines({ blobs, commits }: Plan): string[] {
  if (commits.length === 0) return ['No commit of the history holds it'];
  const times = commits.map(({ oid, seconds, subject, paths }) => {
    const time = new Date(seconds * 1000).toISOString().replace(/\.\d+/, '');
    return [`  ${oid}  ${time}  ${subject}`, ...paths.map(path => `    ${path}`)];
  });
  const brought = commits.length === 1 ? 'commit that brought' : 'commits that brought';
  return [
    `${counted(blobs.length, 'content')}, ${commits.length} ${brought} them in, newest first:`,
    ...times.flat(),
  ];
}

export function rewriteLine({ rewritten, head }: Report): string {
  if (rewritten === 0) return 'The history stays as it is';
  return `Purged: ${counted(rewritten, 'commit')} rewritten, the wiki is at ${head}`;
}

export function eraseLine({ packs, others, versions }: Erased): string {
  const older = versions === undefined ? '' : `, ${counted(versions, 'older version')}`;
  return `Deleted: ${counted(packs, 'pack')}, ${counted(others, 'copy', 'copies')} and indexes${older}`;
}

import { MAX_UNDONE, type Plan, type Restored, type Restoring } from '../lazy/restoring.ts';
import { counted } from './import-summary.ts';

type Listed = ReturnType<Restoring['list']> extends AsyncIterable<infer T> ? T : never;

/** A table of versions, a line each. */
export function versionLines(versions: readonly Listed[]): string[] {
  if (versions.length === 0) return ['No version of the ledger is kept'];
  const rows = versions.map(version => [
    version.id,
    new Date(version.modifiedMs).toISOString().replace(/\.\d+/, ''),
    version.content === undefined ? '' : (version.content.head ?? 'empty').slice(0, 10),
    version.content === undefined ? '' : counted(version.content.commits, 'commit'),
    remarkOn(version),
  ]);
  const all = [['version', 'stored', 'head', 'history', ''], ...rows];
  const widths = [0, 1, 2, 3, 4].map(at => Math.max(...all.map(row => row[at]?.length ?? 0)));
  const lines = all.map(row =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const isUnversioned = versions.every(({ id }) => id === 'null');
  return isUnversioned ? [...lines, 'The bucket keeps no older versions: enable versioning'] : lines;
}

function remarkOn({ isCurrent, isDeleted, problem, content }: Listed): string {
  const remarks = isCurrent ? ['current'] : [];
  if (isDeleted) remarks.push('deleted: there is no ledger');
  if (problem !== undefined) remarks.push(`cannot be read (${problem})`);
  const { deleted = [], gone = [] } = content ?? {};
  if (deleted.length > 0) remarks.push(`${counted(deleted.length, 'file')} deleted, to be had back`);
  if (gone.length > 0) remarks.push(`${counted(gone.length, 'file')} gone for good`);
  return remarks.join(', ');
}

const STATES = {
  usable: 'the ledger is there',
  absent: 'there is no ledger now',
  unusable: 'the ledger that is there now cannot be used',
} as const;

export function planLines({ id, from, to, details }: Plan): string[] {
  const { older, newest, present, deleted, condemned, gone } = details;
  const lines = [
    `Now: ${counted(from.commits, 'commit')}, the newest is ${from.head ?? 'none'} (${STATES[present]})`,
    `Then: ${counted(to.commits, 'commit')}, the newest is ${to.head ?? 'none'} (version ${id})`,
  ];
  if (deleted.length > 0) lines.push(`${counted(deleted.length, 'deleted file')} to be had back`);
  if (condemned.length > 0)
    lines.push(`${counted(condemned.length, 'pack')} to be stored under new names: theirs were condemned`);
  if (JSON.stringify(older.policy?.value) !== JSON.stringify(newest.policy?.value))
    lines.push('The policy stays as it is now: the rules and limits of that version do not come back');
  for (const key of gone) lines.push(`GONE  ${key}: no version of it is kept`);
  if (gone.length > 0) lines.push('This version cannot be restored; choose another one');
  return lines;
}

/** Where nothing but the name was lost. */
export function nameLine(wiki: string, isApplied: boolean): string {
  return isApplied
    ? `Restored: the name "${wiki}" stands for the wiki again`
    : `The ledger is that version, only the name "${wiki}" is lost: --apply brings it back`;
}

/** What is no longer in the history, and where it still is. */
export function undoneLines(undone: Restored['undone']): string[] {
  if (undone.length === 0) return [];
  const isAll = undone.length < MAX_UNDONE;
  return [
    `No longer in the history${isAll ? '' : `, the newest ${MAX_UNDONE}`}:`,
    ...undone.map(({ oid, seconds, subject }) => {
      const time = new Date(seconds * 1000).toISOString().replace(/\.\d+/, '');
      return `  ${oid}  ${time}  ${subject}`;
    }),
    'They are in the version before this one; a bucket with versioning keeps its packs too, a folder until they are collected',
  ];
}

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { GetOptions, GetOutcome, KeptVersion } from './byte-store.ts';
import { type DiskFiles, readFolder } from './disk-files.ts';
import { readObject } from './disk-immutable.ts';
import { statBig } from './disk-mutable.ts';
import { formatMutableVersion } from './disk-version.ts';
import { hasErrno } from './errors.ts';

/** The newest versions of a mutable object, which swaps leave there; named by their numbers. Newest first. */
export function keptVersions(folder: string): KeptVersion[] {
  const versions = folderOfVersions(folder);
  if (versions === undefined) return [];
  const seqs = (readFolder(versions.path) ?? []).map(Number).filter(seq => seq > 0);
  return seqs
    .sort((a, b) => b - a)
    .flatMap((seq, at) => {
      const stats = statBig(join(versions.path, String(seq)));
      if (stats === undefined) return [];
      const [size, modifiedMs] = [Number(stats.size), Number(stats.mtimeMs)];
      return [{ id: String(seq), size, modifiedMs, isCurrent: at === 0, isDeleted: false }];
    });
}

/** One of these versions, or a part of it. */
export function getKept(folder: string, id: string, options: Pick<GetOptions, 'range'>): GetOutcome {
  const versions = folderOfVersions(folder);
  if (versions === undefined || !/^[1-9]\d{0,14}$/.test(id)) return { kind: 'absent' };
  const { incarnation, path } = versions;
  try {
    return readObject(join(path, id), options, file =>
      formatMutableVersion({ incarnation, seq: Number(id), ...file }),
    );
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return { kind: 'absent' };
    throw error;
  }
}

/** Removes all versions but the newest, from the lowest up, as swaps rely on. */
export function forgetKept(files: DiskFiles, folder: string): number {
  const versions = folderOfVersions(folder);
  const [, ...older] = versions === undefined ? [] : keptVersions(folder);
  for (const { id } of older.toReversed()) rmSync(join(versions?.path ?? '', id), { force: true });
  if (versions !== undefined && older.length > 0) files.syncFolder(versions.path);
  return older.length;
}

function folderOfVersions(folder: string): { incarnation: string; path: string } | undefined {
  const incarnation = readFolder(folder)?.find(name => /^[0-9a-f]{32}$/.test(name));
  return incarnation === undefined ? undefined : { incarnation, path: join(folder, incarnation) };
}

import type { BigIntStats } from 'node:fs';
import type { Version } from './byte-store.ts';

/**
 * Which file holds a version: its inode and modification time. A file is never written to again once it has its
 * name, so two files under one name at different times differ here.
 */
export interface FileIdentity {
  ino: bigint;
  mtimeNs: bigint;
}

/**
 * A version of a mutable object: `<incarnation>.<seq>.<ino>.<mtimeNs>`, the last two in hex. The incarnation is 128
 * random bits drawn when the object is created, and the number only rises within it, so a version never returns,
 * neither with old content nor after the object was deleted and created again. The identity of the file catches what
 * is outside that rule: a late writer's file under a number that was tidied away, a folder restored from a backup.
 */
export interface MutableVersion extends FileIdentity {
  incarnation: string;
  seq: number;
}

export function formatMutableVersion(version: MutableVersion): Version {
  return `${version.incarnation}.${version.seq}.${formatImmutableVersion(version)}`;
}

/** Undefined for anything that {@link formatMutableVersion} did not make. */
export function parseMutableVersion(version: Version): MutableVersion | undefined {
  const match = /^([0-9a-f]{32})\.([0-9]{1,15})\.([0-9a-f]+)\.([0-9a-f]+)$/.exec(version);
  if (match === null) return undefined;
  const [, incarnation = '', seq, ino, mtimeNs] = match;
  return { incarnation, seq: Number(seq), ino: BigInt(`0x${ino}`), mtimeNs: BigInt(`0x${mtimeNs}`) };
}

/** An immutable object's version is its file's identity: the name never stands for other bytes. */
export function formatImmutableVersion(file: FileIdentity): Version {
  return `${file.ino.toString(16)}.${file.mtimeNs.toString(16)}`;
}

export function isSameFile(stats: BigIntStats | undefined, identity: FileIdentity): boolean {
  return stats !== undefined && stats.ino === identity.ino && stats.mtimeNs === identity.mtimeNs;
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { hashObject, isObjectType } from '../../git/object/object-codec.ts';
import type { GitObject, Oid } from '../../git/object/objects.ts';
import { sourceCorrupt } from '../errors.ts';

/** Larger objects are refused, so that a small file cannot fill the memory. */
const MAX_OBJECT_BYTES = 256 << 20;

/** The files of the loose objects below an object folder, by id. */
export async function listLooseObjects(folder: string): Promise<Map<Oid, string>> {
  const found = new Map<Oid, string>();
  for (const prefix of await readdir(folder).catch(() => [])) {
    if (!/^[0-9a-f]{2}$/.test(prefix)) continue;
    for (const rest of await readdir(join(folder, prefix)).catch(() => [])) {
      if (/^[0-9a-f]{38}$/.test(rest)) found.set(prefix + rest, join(folder, prefix, rest));
    }
  }
  return found;
}

/**
 * Reads a loose object and computes its id from its bytes.
 * @throws KittiwakeError `source_corrupt`
 */
export async function readLooseObject(oid: Oid, file: string): Promise<GitObject> {
  let raw: Buffer;
  try {
    raw = inflateSync(await readFile(file), { maxOutputLength: MAX_OBJECT_BYTES });
  } catch (error) {
    throw sourceCorrupt(file, error instanceof Error ? error.message : String(error), error);
  }
  const end = raw.indexOf(0);
  const [type = '', size = ''] = raw.toString('latin1', 0, Math.max(0, end)).split(' ');
  const bytes = raw.subarray(end + 1);
  if (!isObjectType(type) || size !== String(bytes.length)) throw sourceCorrupt(file, 'it is no git object');
  const real = hashObject(type, bytes);
  if (real !== oid) throw sourceCorrupt(file, `its content is that of object ${real}`);
  return { type, bytes };
}

import { isUtf8 } from 'node:buffer';
import { type ExtraField, getFileNameLowLevel } from 'yauzl';
import { unsafeName } from '../../../wiki/name/unsafe-name.ts';

const UTF8_FLAG = 0x800;

/**
 * The name of an entry: UTF-8 where its flag or the extra field of Info-ZIP says so (APPNOTE 4.4.4, 4.6.9), and where it can be
 * nothing else: macOS and others set no flag. Else code page 437.
 */
export function entryName(entry: {
  generalPurposeBitFlag: number;
  fileNameRaw: Buffer;
  extraFields: ExtraField[];
}): string {
  const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
  const flags = isUtf8(fileNameRaw) ? generalPurposeBitFlag | UTF8_FLAG : generalPurposeBitFlag;
  return getFileNameLowLevel(flags, fileNameRaw, extraFields, true);
}

/** Why a name could lead out of a folder that it is unpacked in, on some system; undefined when it could not. */
export function unsafeEntryName(name: string): string | undefined {
  if (name.includes('\0')) return 'its name holds a NUL';
  if (name.includes('\\')) return 'its name holds a backslash, which some systems take for a slash';
  if (name.startsWith('/')) return 'its name begins with a slash';
  if (/^[A-Za-z]:/.test(name)) return 'its name begins with the letter of a drive';
  for (const part of name.replace(/\/$/, '').split('/')) {
    if (part === '..' || part === '.' || part === '') return `its name holds "${part}" as a folder`;
    const reason = unsafeName(part);
    if (reason !== undefined && part.toLowerCase() !== '.git') return `its name is unsafe: ${reason}`;
  }
  return undefined;
}

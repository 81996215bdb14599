import type { Oid } from '../object/objects.ts';

/** Of the old bytes: a signature over them says nothing of the new ones, a merge tag holds one more. */
const SIGNED = /^(gpgsig|gpgsig-sha256|mergetag) /;

/**
 * A commit with another tree and other parents. Everything else stays as it is, byte for byte, but signatures, which would not
 * hold any more.
 */
export function rewriteCommit(bytes: Buffer, tree: Oid, parent: (oid: Oid) => Oid): Buffer {
  let changed = false;
  const replaced = (line: string) => {
    const next = replaceLine(line, tree, parent);
    changed ||= next !== line;
    return next;
  };
  const { lines, rest } = split(bytes);
  const header = lines.map(replaced);
  return changed ? Buffer.concat([Buffer.from(unsigned(header).join('\n'), 'latin1'), rest]) : bytes;
}

/** A tag on another object, without its signature. */
export function rewriteTag(bytes: Buffer, target: Oid): Buffer {
  const { lines, rest } = split(bytes);
  const header = lines.map(line => (line.startsWith('object ') ? `object ${target}` : line));
  const signature = rest.indexOf('-----BEGIN ');
  const message = signature < 0 ? rest : rest.subarray(0, signature);
  return Buffer.concat([Buffer.from(unsigned(header).join('\n'), 'latin1'), message]);
}

function replaceLine(line: string, tree: Oid, parent: (oid: Oid) => Oid): string {
  if (line.startsWith('tree ')) return `tree ${tree}`;
  return line.startsWith('parent ') ? `parent ${parent(line.slice(7))}` : line;
}

function split(bytes: Buffer): { lines: string[]; rest: Buffer } {
  const gap = bytes.indexOf('\n\n');
  const end = gap < 0 ? bytes.length : gap;
  return { lines: bytes.toString('latin1', 0, end).split('\n'), rest: bytes.subarray(end) };
}

/** Without the header lines of signatures, and the lines that continue them. */
function unsigned(lines: readonly string[]): string[] {
  let isSigned = false;
  return lines.filter(line => {
    if (!line.startsWith(' ')) isSigned = SIGNED.test(line);
    return !isSigned;
  });
}

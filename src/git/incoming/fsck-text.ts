import { objectCorrupt } from '../errors.ts';
import type { Oid } from '../object/objects.ts';

/** `Name <email> seconds +hhmm`, the name may be empty: what git fsck demands of it. */
const IDENTITY = /^[^<>]* <[^<>]*> +(\d+) [+-]\d{4}$/;
const OID = /^[0-9a-f]{40}$/;
/** They are held in memory. */
const MAX_BYTES = 1 << 20;
/** Each is compared with; git itself was seen to merge 66. */
const MAX_PARENTS = 100;
const MAX_SECONDS = Number.MAX_SAFE_INTEGER;

/**
 * Checks the header of a commit as `git fsck --strict` does: its lines, their order, who and when.
 * @throws KittiwakeError `object_corrupt`
 */
export function checkCommitText(oid: Oid, bytes: Buffer): void {
  const lines = new HeaderLines(`commit ${oid}`, bytes);
  lines.oid('tree');
  let parents = 0;
  for (; lines.next?.startsWith('parent '); parents += 1) lines.oid('parent');
  if (parents > MAX_PARENTS) throw lines.error(`it has ${parents} parents, the limit is ${MAX_PARENTS}`);
  lines.identity('author');
  if (lines.next?.startsWith('author ')) throw lines.error('it has two authors');
  lines.identity('committer');
}

/** The same for a tag. The tagger may be missing, as in very old ones. @throws KittiwakeError `object_corrupt` */
export function checkTagText(oid: Oid, bytes: Buffer): void {
  const lines = new HeaderLines(`tag ${oid}`, bytes);
  lines.oid('object');
  lines.value('type');
  lines.value('tag');
  if (lines.next?.startsWith('tagger ')) lines.identity('tagger');
}

class HeaderLines {
  readonly #what: string;
  readonly #lines: readonly string[];
  #at = 0;

  constructor(what: string, bytes: Buffer) {
    this.#what = what;
    if (bytes.length > MAX_BYTES) throw this.error(`it has ${bytes.length} bytes, the limit is ${MAX_BYTES}`);
    const end = bytes.indexOf('\n\n');
    const head = bytes.toString('latin1', 0, end < 0 ? bytes.length : end + 1);
    if (!head.endsWith('\n')) throw this.error('its header does not end');
    if (bytes.includes(0)) throw this.error('it holds a NUL');
    this.#lines = head.slice(0, -1).split('\n');
  }

  get next(): string | undefined {
    return this.#lines[this.#at];
  }

  value(name: string): string {
    const line = this.next;
    if (!line?.startsWith(`${name} `)) throw this.error(`its line "${name}" is missing`);
    this.#at += 1;
    return line.slice(name.length + 1);
  }

  oid(name: string): void {
    if (!OID.test(this.value(name))) throw this.error(`its line "${name}" holds no object id`);
  }

  identity(name: string): void {
    const seconds = IDENTITY.exec(this.value(name))?.[1];
    if (seconds === undefined)
      throw this.error(`its line "${name}" is not like "Name <email> seconds +hhmm"`);
    if (seconds.length > 1 && seconds.startsWith('0'))
      throw this.error(`the date of its ${name} begins with 0`);
    if (Number(seconds) > MAX_SECONDS) throw this.error(`the date of its ${name} is too large`);
  }

  error(why: string) {
    return objectCorrupt(this.#what, why);
  }
}

const FIRST = 1;
const FURTHER = 2;
const MAX_BYTES = 200;

/** By byte: whether a name may begin with it, or go on with it. */
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (byte < 0x80 && /\w/.test(character)) return FIRST | FURTHER;
  return '. -'.includes(character) ? FURTHER : 0;
});

/** True for names that need no closer look: of ASCII letters, digits, underscores, dots, blanks and hyphens. */
export function isSurelySafe(name: Buffer): boolean {
  if (name.length === 0 || name.length > MAX_BYTES) return false;
  if (((KINDS[name[0] as number] as number) & FIRST) === 0) return false;
  for (let at = 1; at < name.length; at += 1) if (KINDS[name[at] as number] === 0) return false;
  return true;
}

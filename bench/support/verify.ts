/** @throws Error when what was read back is not what was written: then no figure counts */
export function expectSame(what: string, found: unknown, wanted: unknown): void {
  const same =
    Buffer.isBuffer(found) && Buffer.isBuffer(wanted) ? found.equals(wanted) : Object.is(found, wanted);
  if (!same) throw new Error(`Checking ${what} fails: it is ${shown(found)}, it must be ${shown(wanted)}`);
}

function shown(value: unknown): string {
  const text = Buffer.isBuffer(value) ? `${value.length} bytes ${value.toString()}` : JSON.stringify(value);
  return (text ?? 'undefined').slice(0, 200);
}

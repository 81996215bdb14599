const MAX_LENGTH = 200;

/** The name of a file as it is kept and shown: without folders and control characters, never empty. */
export function sourceName(given: string): string {
  const last = given.split(/[/\\]/).at(-1) ?? '';
  const shown = last
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/\p{Cc}/gu, '')
    .trim();
  return [...shown].slice(0, MAX_LENGTH).join('') || 'source';
}

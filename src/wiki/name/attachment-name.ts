import { lookup } from 'mrmime';

// biome-ignore lint/suspicious/noControlCharactersInRegex: Python counts them as white space
const SPACE = /[\t-\r\x1c-\x20]+/;

/** `secure_filename` of Werkzeug on POSIX (API contract 11). `''` when nothing is left. */
export function secureFilename(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^\0-\x7f]/g, '')
    .replaceAll('/', ' ')
    .split(SPACE)
    .filter(Boolean)
    .join('_')
    .replace(/[^A-Za-z0-9_.-]/g, '')
    .replace(/^[._]+|[._]+$/g, '');
}

/** By the extension; `application/octet-stream` when it says nothing. */
export function mimeType(filename: string): string {
  return (filename.includes('.') ? lookup(filename) : undefined) ?? 'application/octet-stream';
}

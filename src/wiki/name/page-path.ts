import { pathInvalid } from '../errors.ts';
import type { WikiSettings } from '../settings.ts';
import { strip } from './python-text.ts';
import { titleCase } from './title-case.ts';
import { unsafeName } from './unsafe-name.ts';

/** Of a whole path, in bytes of UTF-8. */
const MAX_PATH_BYTES = 2_048;

type Naming = Pick<WikiSettings, 'retainPageNameCase'>;

/**
 * The file of a page: `Docs//Intro/` → `docs/intro.md` (API contract 2.1).
 * @param request the path as asked for, percent-decoded once
 * @throws KittiwakeError `path_invalid`
 */
export function pageFile(request: string, naming: Naming): string {
  return checked(naming.retainPageNameCase ? request : request.toLowerCase(), request);
}

/**
 * The file that a page has when its name was kept as it is, as older wikis do: `Docs//Intro/` → `Docs/Intro.md`.
 * @throws KittiwakeError `path_invalid`
 */
export function literalPageFile(request: string): string {
  return checked(request, request);
}

/** `docs/intro.md` → `Docs/Intro` (API contract 2.2). Files without `.md` are shown the same way. */
export function displayPath(file: string, naming: Naming): string {
  const stem = pageStem(file.replace(/\/+$/, ''));
  if (naming.retainPageNameCase) return stem;
  return stem
    .split('/')
    .map(part => (part === part.toLowerCase() ? titleCase(part) : part))
    .join('/');
}

/** The last part of the display path: what a page without a title is called. */
export function displayName(file: string, naming: Naming): string {
  return displayPath(file.slice(file.lastIndexOf('/') + 1), naming);
}

/** The file without `.md`: also the folder of its attachments and sub-pages. */
export function pageStem(file: string): string {
  return file.endsWith('.md') ? file.slice(0, -3) : file;
}

/** True for the files that are pages. */
export function isPageFile(file: string): boolean {
  return file.endsWith('.md');
}

/** Without empty parts: no leading, trailing or doubled slashes. */
export function cleanSlashes(path: string): string {
  if (!path.startsWith('/') && !path.endsWith('/') && !path.includes('//')) return path;
  return path.split('/').filter(Boolean).join('/');
}

/** @throws KittiwakeError `path_invalid` when a clone on some system could not hold the path, or would misread it */
export function checkFilePath(file: string, request: string): void {
  if (Buffer.byteLength(file) > MAX_PATH_BYTES) {
    throw pathInvalid(request, `it is longer than ${MAX_PATH_BYTES} bytes`);
  }
  for (const part of file.split('/')) {
    const reason = unsafeName(part);
    if (reason !== undefined) throw pathInvalid(request, reason);
  }
}

function checked(path: string, request: string): string {
  const stem = pageStem(cleanSlashes(path));
  // Both: the name as asked for must be sound, and so must the file made of it.
  if (stem === '' || stem.endsWith('/')) throw pathInvalid(request, 'it is empty');
  if (stem.split('/').some(part => strip(part) === ''))
    throw pathInvalid(request, 'a part of it is nothing but spaces');
  checkFilePath(stem, request);
  const file = `${stem}.md`;
  checkFilePath(file, request);
  return file;
}

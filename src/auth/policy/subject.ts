import { AUDIENCES } from '../../core/access-settings.ts';
import type { Subject } from './policy.ts';

/** Of a subject, in UTF-16 units: the longest e-mail address fits. */
const MAX_SUBJECT_LENGTH = 300;

/** A name as it is compared: of e-mail addresses the case does not count. */
export function foldedName(name: string): string {
  return name.startsWith('user:') ? name.normalize('NFC').toLowerCase() : name;
}

/** A subject as rules keep it; undefined for what is none. */
export function parseSubject(text: string): Subject | undefined {
  const audience = AUDIENCES.find(each => each === text);
  if (audience !== undefined) return audience;
  if (text.length > MAX_SUBJECT_LENGTH || !text.isWellFormed()) return undefined;
  if (/^user:[^\s@]+@[^\s@]+$/.test(text)) return foldedName(text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return /^group:(?! )[^\u0000-\u001f\u007f]+$|^token:[0-9a-z]+$/.test(text) ? text : undefined;
}

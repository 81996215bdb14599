import { checkedEmail } from './user/user-rules.ts';

/** What others say of a caller, before it becomes part of names, of commits and of logs. */

/** Undefined for what is no e-mail address; else it, as that of a user would be kept. */
export function cleanEmail(text: string): string | undefined {
  try {
    return checkedEmail(text);
  } catch {
    return undefined;
  }
}

/** Undefined for what cannot be a name; else it, with single spaces. At most 100 characters. */
export function cleanName(text: string): string | undefined {
  const name = text.trim().replace(/ +/g, ' ').normalize('NFC');
  return name === '' || name.length > 100 || hasControls(name) || /[<>]/.test(name) ? undefined : name;
}

/** Names of groups and roles that rules can hold; others are left out. */
export function cleanGroups(texts: readonly unknown[]): string[] {
  const groups = texts.filter((text): text is string => typeof text === 'string');
  const fit = groups.filter(group => group !== '' && group.length <= 200 && !hasControls(group));
  return [...new Set(fit)].slice(0, 200);
}

function hasControls(text: string): boolean {
  return !text.isWellFormed() || /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(text);
}

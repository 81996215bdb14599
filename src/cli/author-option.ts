import { optionInvalid } from './errors.ts';

/** `--author "Name <address>"`; undefined when it was not given. @throws KittiwakeError `usage` */
export function authorOption(
  options: ReadonlyMap<string, string>,
): { name: string; email: string } | undefined {
  const text = options.get('--author');
  if (text === undefined) return undefined;
  const [, name, email] = /^([^<>\p{Cc}]+) <([^<>\s\p{Cc}]+)>$/u.exec(text) ?? [];
  if (name === undefined || email === undefined) throw optionInvalid('--author', text, '"Name <address>"');
  return { name: name.trim(), email };
}

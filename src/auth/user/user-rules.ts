import { emailInvalid, nameInvalid, passwordInvalid } from './errors.ts';

const NAME = /^\p{L}[\p{L}\p{M}\p{Nd} '’.,-]*$/u;
const MAX_NAME_CHARACTERS = 50;

/** Names that stand for nobody. */
const PLACEHOLDERS = new Set([
  'anonymous',
  'full name',
  'john doe',
  'jane doe',
  'name',
  'nobody',
  'none',
  'null',
  'undefined',
  'unknown',
  'user',
  'username',
  'your name',
]);

const LOCAL_PART = /^[^\p{C}\p{Z}\p{Default_Ignorable_Code_Point}<>()[\]{}",:;\\@]{1,64}$/u;
const DOMAIN = /^[\p{L}\p{Nd}](?:[\p{L}\p{M}\p{Nd}-]{0,62})(?:\.[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}-]{0,62})*$/u;
const MAX_EMAIL_CHARACTERS = 254;
/** What NFC makes an ASCII character, so that the address would be that of somebody else. */
const PASSES_FOR_ASCII = /[\u037e\u1fef\u212a]/;

const MIN_PASSWORD_CHARACTERS = 8;
const MAX_PASSWORD_CHARACTERS = 1_024;

/**
 * The name as it is kept: NFC, one space between its words.
 * @throws KittiwakeError `user_invalid`
 */
export function checkedName(text: string): string {
  if (text.length > 4 * MAX_NAME_CHARACTERS) throw nameInvalid(text);
  const name = text.normalize('NFC').trim().replace(/ +/g, ' ');
  const isName = NAME.test(name) && [...name].length <= MAX_NAME_CHARACTERS;
  if (!isName || PLACEHOLDERS.has(name.toLowerCase())) throw nameInvalid(text);
  return name;
}

/**
 * The address as it is kept: NFC, without white space around it. Only its form is looked at, and only of such addresses as
 * fit into the author of a commit.
 * @throws KittiwakeError `user_invalid`
 */
export function checkedEmail(text: string): string {
  if (text.length > 2 * MAX_EMAIL_CHARACTERS) throw emailInvalid(text);
  const email = text.normalize('NFC').trim();
  const at = email.indexOf('@');
  const [local, domain] = [email.slice(0, Math.max(at, 0)), email.slice(at + 1)];
  const isAddress =
    LOCAL_PART.test(local) && !local.startsWith('-') && DOMAIN.test(domain) && !PASSES_FOR_ASCII.test(text);
  if (!isAddress || email.length > MAX_EMAIL_CHARACTERS) throw emailInvalid(text);
  return email;
}

/** @throws KittiwakeError `password_invalid` */
export function checkPassword(password: string): void {
  if (password.length > MAX_PASSWORD_CHARACTERS) {
    throw passwordInvalid(`at most ${MAX_PASSWORD_CHARACTERS} characters`);
  }
  if ([...password].length < MIN_PASSWORD_CHARACTERS) {
    throw passwordInvalid(`at least ${MIN_PASSWORD_CHARACTERS} characters`);
  }
}

/** False for what can be the password of nobody: it is not worth the work of hashing. */
export function mayBePassword(text: string): boolean {
  return text.length <= MAX_PASSWORD_CHARACTERS;
}

import { KittiwakeError } from '../../core/errors.ts';

export function userNotFound(id: string): KittiwakeError {
  return new KittiwakeError('user_not_found', `User not found: ${id}`);
}

export function userExists(email: string): KittiwakeError {
  return new KittiwakeError(
    'user_exists',
    `Saving the user: there is another one with the e-mail "${email}"`,
  );
}

/** @param change what was asked for: `delete`, `lock`, `demote` */
export function lastAdmin(change: string): KittiwakeError {
  return new KittiwakeError(
    'last_admin',
    `Refusing to ${change} the last administrator: make another user one before`,
  );
}

export function nameInvalid(name: string): KittiwakeError {
  return new KittiwakeError(
    'user_invalid',
    `Invalid name "${shortened(name)}": it must begin with a letter, have at most 50 letters, digits, spaces and ' - . , and be a name`,
  );
}

export function emailInvalid(email: string): KittiwakeError {
  return new KittiwakeError(
    'user_invalid',
    `Invalid e-mail "${shortened(email)}": it must be an address such as anna@example.org`,
  );
}

export function adminUnapproved(): KittiwakeError {
  return new KittiwakeError(
    'user_invalid',
    'Invalid user: an administrator is approved, too; take the one away before the other',
  );
}

/** Never quotes the password. */
export function passwordInvalid(what: string): KittiwakeError {
  return new KittiwakeError('password_invalid', `Invalid password: it must have ${what}`);
}

/** Never quotes the hash. */
export function hashUnknown(): KittiwakeError {
  return new KittiwakeError(
    'password_invalid',
    'Invalid hash of a password: it must be one that Kittiwake or Otterwiki made ("$scrypt$…", "scrypt:…", "sha256$…")',
  );
}

export function passwordWrong(): KittiwakeError {
  return new KittiwakeError('password_wrong', 'Changing the password: the current one does not match');
}

/** More passwords wait to be checked than there should be: each costs memory and time. */
export function passwordsBusy(): KittiwakeError {
  return new KittiwakeError(
    'passwords_busy',
    'Checking the password: too many are being checked, try again',
    {
      data: { retryAfterMs: 2_000 },
    },
  );
}

export function notYourself(): KittiwakeError {
  return new KittiwakeError(
    'user_required',
    'Changing your own data: this is for users who log in with e-mail and password',
  );
}

export function revisionStale(wanted: number, current: number): KittiwakeError {
  return new KittiwakeError(
    'precondition_failed',
    `Changing the user: revision ${current} is current, wanted ${wanted}`,
  );
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

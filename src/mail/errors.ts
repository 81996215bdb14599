import { KittiwakeError } from '../core/errors.ts';

/** For good: the same mail to the same address will be refused again. @param said what the server answered */
export function mailRefused(said: string, cause?: unknown): KittiwakeError {
  return new KittiwakeError(
    'mail_refused',
    `Sending a mail: the server refuses it for good: ${oneLine(said)}`,
    {
      cause,
    },
  );
}

/** It may go better later. @param said what the server answered, or what happened on the way to it */
export function mailFailed(said: string, cause?: unknown): KittiwakeError {
  return new KittiwakeError('mail_failed', `Sending a mail: ${oneLine(said)}`, { cause });
}

/** Something is asked that mails are needed for. */
export function mailOff(why: string): KittiwakeError {
  return new KittiwakeError('mail_off', `Sending mails: ${why}`);
}

/** Never more than a line of it. */
export function addressInvalid(address: string): KittiwakeError {
  return new KittiwakeError(
    'mail_refused',
    `Sending a mail: wanted one address such as anna@example.org, not "${oneLine(address, 60)}"`,
  );
}

function oneLine(text: string, maxLength = 300): string {
  const line = text
    .slice(0, 4 * maxLength)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return line.length > maxLength ? `${line.slice(0, maxLength)}…` : line;
}

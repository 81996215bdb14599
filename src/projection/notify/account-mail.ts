import { mailOff } from '../../mail/errors.ts';
import type { MailMessage, Recipient } from './mail-message.ts';
import { oneLine, type WrittenMail } from './mail-text.ts';

/** A user as mails about accounts name it. */
export interface AccountUser {
  name: string;
  email: string;
  isApproved: boolean;
}

/** What mails about accounts are written from, as it is at the moment of sending. */
export interface AccountMailContext {
  siteName: string;
  siteUrl?: string | undefined;
  /** Absent: there is none. */
  adminEmail?: string | undefined;
  /** Undefined: there is no such user any more, or it is locked. */
  user(userId: string): Promise<AccountUser | undefined>;
  /** Those who administer the wiki: address by id. */
  administrator(userId: string): Promise<string | undefined>;
  /**
   * A link that sets the user's password once.
   * @returns undefined when there is no address to lead to, or nothing to sign it with
   */
  passwordUrl(userId: string, expiresMs: number): Promise<string | undefined>;
  nowMs: number;
}

type AccountMessage = Exclude<MailMessage, { type: 'changes' | 'many' | 'history' }>;

const HOUR_MS = 3_600_000;
const INVITATION_MS = 7 * 24 * HOUR_MS;
const RECOVERY_MS = HOUR_MS;

/**
 * The mail for a message about accounts, or to administrators.
 * @returns undefined when there is nothing left to tell, or nobody to tell it to
 * @throws KittiwakeError `mail_off` when it lacks a link that is not configured
 */
export async function accountMail(
  message: AccountMessage,
  context: AccountMailContext,
): Promise<WrittenMail | undefined> {
  switch (message.type) {
    case 'nobody':
      return undefined;
    case 'invitation':
      return await invitation(message.user, context);
    case 'recovery':
      return await recovery(message.user, context);
    case 'approval':
      return await approval(message.user, context);
    case 'registration':
      return await registration(message, context);
    case 'notice': {
      const to = await addressOf(message.to, context);
      if (to === undefined) return undefined;
      const subject = `[${context.siteName}] ${oneLine(message.subject)}`;
      return { to, subject, text: lines(message.text.trimEnd()) };
    }
  }
}

async function invitation(userId: string, context: AccountMailContext): Promise<WrittenMail | undefined> {
  const user = await context.user(userId);
  if (user === undefined) return undefined;
  return {
    to: user.email,
    subject: `[${context.siteName}] Your account`,
    text: lines(
      `${user.name},`,
      '',
      `an account was made for you at ${context.siteName}. Choose a password within seven days:`,
      await linkFor(userId, context.nowMs + INVITATION_MS, context),
      '',
      'If you did not expect this, do nothing.',
    ),
  };
}

async function recovery(userId: string, context: AccountMailContext): Promise<WrittenMail | undefined> {
  const user = await context.user(userId);
  if (user === undefined) return undefined;
  return {
    to: user.email,
    subject: `[${context.siteName}] A new password`,
    text: lines(
      `${user.name},`,
      '',
      `somebody asked for a new password for you at ${context.siteName}. Choose one within an hour:`,
      await linkFor(userId, context.nowMs + RECOVERY_MS, context),
      '',
      'If it was not you, do nothing: your password stays as it is.',
    ),
  };
}

async function approval(userId: string, context: AccountMailContext): Promise<WrittenMail | undefined> {
  const user = await context.user(userId);
  if (user === undefined || !user.isApproved) return undefined;
  return {
    to: user.email,
    subject: `[${context.siteName}] Your account was approved`,
    text: lines(
      `${user.name},`,
      '',
      `your account at ${context.siteName} was approved.`,
      ...(context.siteUrl === undefined ? [] : [`${context.siteUrl}/`]),
    ),
  };
}

async function registration(
  { to, user: userId }: Extract<MailMessage, { type: 'registration' }>,
  context: AccountMailContext,
): Promise<WrittenMail | undefined> {
  const [address, user] = [await addressOf(to, context), await context.user(userId)];
  if (address === undefined || user === undefined) return undefined;
  return {
    to: address,
    subject: `[${context.siteName}] New user ${user.name}`,
    text: lines(
      `${context.siteName} has a new user: ${user.name}, ${user.email}`,
      user.isApproved ? 'It is approved.' : 'It waits for approval.',
    ),
  };
}

async function addressOf(to: Recipient, context: AccountMailContext): Promise<string | undefined> {
  if (typeof to === 'object') return await context.administrator(to.user);
  return to === 'configured' ? context.adminEmail : undefined;
}

async function linkFor(userId: string, expiresMs: number, context: AccountMailContext): Promise<string> {
  const url = await context.passwordUrl(userId, expiresMs);
  if (url === undefined) {
    throw mailOff('this one needs a link, wanted KITTIWAKE_URL and KITTIWAKE_MAIL_SECRET');
  }
  return url;
}

function lines(...all: string[]): string {
  return `${all.join('\n')}\n`;
}

import { hashParts } from '../../core/bytes.ts';
import type { OutboxMessage } from '../outbox/outbox-message.ts';

/**
 * What a mail is to tell whom. It holds no text and no names: what may be told is decided when it is sent. Those of commits follow
 * from the commit and the watches alone.
 */
export type MailMessage =
  /** What a commit did to what a user watches. */
  | { type: 'changes'; user: string; commit: string }
  /** In this hour (of those since 1970) more was changed than is told commit by commit. */
  | { type: 'many'; user: string; hour: number }
  /** The way to this commit is not known. */
  | { type: 'history'; user: string; commit: string }
  /** Somebody was made a user, and may set a password. A quarter of an hour is counted since 1970. */
  | { type: 'invitation'; user: string; quarter: number }
  /** Somebody has forgotten the password: one mail in a quarter of an hour. */
  | { type: 'recovery'; user: string; quarter: number }
  /** Somebody asked for the password of nobody, by an address of which this is a hash. It is never sent. */
  | { type: 'nobody'; asked: string; quarter: number }
  | { type: 'approval'; user: string; revision: number }
  /** To an administrator: there is a new user. */
  | { type: 'registration'; to: Recipient; user: string }
  /** To an administrator: something went wrong that nobody sees otherwise. */
  | { type: 'notice'; to: Recipient; subject: string; text: string; about: string };

/** A user by its id, the address of the configuration, or all of these who administer: then it is parted when it is sent. */
export type Recipient = { user: string } | 'configured' | 'administrators';

/** All mails go to the same server: when it is down, none of them is tried in vain. */
const TARGET = 'mail';

/** The outbox's message; its id is the same whoever makes it, and however often. */
export function outboxMessage(uuid: string, message: MailMessage): OutboxMessage {
  return { id: hashParts(uuid, ...identityOf(message)).slice(0, 40), target: TARGET, payload: message };
}

/** Undefined: it is of a version that knows other mails. */
export function parseMailMessage(payload: unknown): MailMessage | undefined {
  const { type } = (payload ?? {}) as Partial<MailMessage>;
  return type !== undefined && Object.hasOwn(KNOWN, type) ? (payload as MailMessage) : undefined;
}

const KNOWN: Readonly<Record<MailMessage['type'], true>> = {
  changes: true,
  many: true,
  history: true,
  invitation: true,
  recovery: true,
  nobody: true,
  approval: true,
  registration: true,
  notice: true,
};

function identityOf(message: MailMessage): string[] {
  const { type } = message;
  switch (type) {
    case 'changes':
    case 'history':
      return [type, message.user, message.commit];
    case 'many':
      return [type, message.user, String(message.hour)];
    case 'invitation':
    case 'recovery':
      return [type, message.user, String(message.quarter)];
    case 'nobody':
      return [type, message.asked, String(message.quarter)];
    case 'approval':
      return [type, message.user, String(message.revision)];
    case 'registration':
      return [type, keyOf(message.to), message.user];
    case 'notice':
      return [type, keyOf(message.to), message.about];
  }
}

function keyOf(to: Recipient): string {
  return typeof to === 'string' ? to : `user ${to.user}`;
}

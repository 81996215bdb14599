import { hashParts } from '../../core/bytes.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { type MailMessage, outboxMessage, type Recipient } from './mail-message.ts';
import type { MailReader } from './readers.ts';

export interface AccountMessagesOptions {
  /** Of the wiki. */
  uuid: string;
  outbox: Pick<Outbox, 'enqueue'>;
  /** Those who administer the wiki. */
  administrators(): Promise<readonly Pick<MailReader, 'userId'>[]>;
  /** Whether the configuration has an administrator's address. */
  hasAdminEmail: boolean;
  now(): number;
}

/** Mails about accounts, put where they are sent from. What is asked for again is told once. */
export interface AccountMessages {
  invite(userId: string): Promise<void>;
  /**
   * Puts as much, as often, for an address of nobody: what it takes tells nothing.
   * @param userId undefined: the address is nobody's
   * @param email that was asked for, as users are found by it
   */
  recover(userId: string | undefined, email: string): Promise<void>;
  tellApproval(user: { id: string; revision: number }): Promise<void>;
  /** @param actorId of the user who made it, who knows; undefined: it was none */
  tellRegistration(userId: string, actorId: string | undefined): Promise<void>;
  /** Reads no users. @param notice.about what the notice is about: the same is told once, whatever is written of it */
  tellAdministrators(notice: AdministratorNotice): Promise<void>;
}

/** Something that went wrong where nobody looks. */
export interface AdministratorNotice {
  about: string;
  subject: string;
  text: string;
}

/** For one user, and for one address of nobody, there is one recovery in this time. */
const QUARTER_MS = 15 * 60_000;
const MAX_TEXT = 4_000;

export function accountMessages(options: AccountMessagesOptions): AccountMessages {
  const { uuid, outbox } = options;
  const quarter = () => Math.floor(options.now() / QUARTER_MS);
  const put = async (...messages: MailMessage[]) => {
    await outbox.enqueue(messages.map(message => outboxMessage(uuid, message)));
  };
  const recipients = async (): Promise<Recipient[]> => [
    ...(await options.administrators()).map(({ userId: user }) => ({ user })),
    ...(options.hasAdminEmail ? ['configured' as const] : []),
  ];
  return {
    invite: user => put({ type: 'invitation', user, quarter: quarter() }),
    recover: (user, email) =>
      put(
        user === undefined
          ? { type: 'nobody', asked: hashParts(uuid, email), quarter: quarter() }
          : { type: 'recovery', user, quarter: quarter() },
      ),
    tellApproval: ({ id: user, revision }) => put({ type: 'approval', user, revision }),
    async tellRegistration(user, actor) {
      const others = (await recipients()).filter(to => typeof to === 'string' || to.user !== actor);
      await put(...others.map(to => ({ type: 'registration' as const, to, user })));
    },
    async tellAdministrators({ about, subject, text }) {
      await put({ type: 'notice', to: 'administrators', about, subject, text: text.slice(0, MAX_TEXT) });
    },
  };
}

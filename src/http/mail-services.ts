import type { AccountLinks } from '../auth/link/account-links.ts';
import type { User } from '../auth/user/user.ts';
import type { Watches } from '../auth/watch/watches.ts';

/** What routes reach of mails, as one caller may use it. */
export interface MailServices {
  /** What the caller watches. */
  watches: Watches;
  /** The path of a page as watches have it. @throws KittiwakeError `path_invalid` */
  pagePath(path: string): string;
  /**
   * Mails a link for a new password to the user of that address. Whether there is one is not told.
   * @throws KittiwakeError `mail_off`
   */
  recover(email: string): Promise<void>;
  /** @throws KittiwakeError `mail_off`, `link_invalid`, `password_invalid`, `passwords_busy` */
  setPassword: AccountLinks['setPassword'];
  /** False: the link is none. */
  canUnsubscribe(token: string): Promise<boolean>;
  /** @returns how many watches have ended. @throws KittiwakeError `link_invalid` */
  unsubscribe(token: string): Promise<number>;
  /** Tells of a new user, whom it concerns: the user, if it has no password yet, and administrators. */
  tellCreated(user: User): Promise<void>;
  tellApproved(user: User): Promise<void>;
  /** Mails a link that sets a password. @throws KittiwakeError `mail_off` */
  invite(user: User): Promise<void>;
}

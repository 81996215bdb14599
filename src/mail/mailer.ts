/** Sends mails, one at a time. Loaded when the first is due. */
export interface Mailer {
  /**
   * Resolves when the server has taken it.
   * @throws KittiwakeError `mail_refused` (for good: such an address, such a mail), `mail_failed` (may go better later)
   */
  send(mail: Mail): Promise<SentMail>;
  close(): Promise<void>;
}

/** Addresses are checked before they come here, and here again. */
export interface Mail {
  /** Without brackets, the same on each repeat: `<id>@<host>`. */
  messageId: string;
  /** One address, without a name. */
  to: string;
  subject: string;
  text: string;
  /** RFC 8058: one click ends the subscription. Absent: it is no subscription. */
  unsubscribeUrl?: string | undefined;
}

export interface SentMail {
  /** What the server said, for people. */
  answer: string;
}

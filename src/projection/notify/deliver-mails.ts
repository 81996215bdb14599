import { isKittiwakeError } from '../../core/errors.ts';
import { domainOf } from '../../mail/address.ts';
import type { Mailer } from '../../mail/mailer.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { OutboxMessage } from '../outbox/outbox-message.ts';
import type { DeliverReport, SendOutcome } from '../outbox/sending.ts';
import { type MailMessage, parseMailMessage } from './mail-message.ts';
import type { WrittenMail } from './mail-text.ts';

export interface MailDelivery {
  outbox: Pick<Outbox, 'deliver'>;
  /** Loads what sends mails, on its first use. @throws KittiwakeError `mail_off` */
  mailer(): Promise<Mailer>;
  /** What a message comes to now; undefined: there is nothing left to tell. @throws KittiwakeError `mail_off` */
  write(message: MailMessage): Promise<WrittenMail | undefined>;
  /** The part of Message-IDs after the `@`. */
  host: string;
  /** Told of what kept a message from being looked at. It must not throw. */
  onError(error: unknown): void;
}

/**
 * Sends the mails that are due. A process that ends after a mail was sent and before that is noted leads to a second one, which has
 * the same Message-ID and is counted.
 */
export function deliverMails(delivery: MailDelivery, deadlineMs: number): Promise<DeliverReport> {
  const send = (message: OutboxMessage) => sendMail(delivery, message);
  return delivery.outbox.deliver({ send, deadlineMs, onError: delivery.onError });
}

async function sendMail(
  { mailer, write, host }: MailDelivery,
  { id, payload }: OutboxMessage,
): Promise<SendOutcome> {
  const message = parseMailMessage(payload);
  if (message === undefined) return { kind: 'failed', code: 'mail_unknown' };
  const { type } = message;
  try {
    const mail = await write(message);
    if (mail === undefined) return { kind: 'sent', note: { type, void: 'nothing left to tell' } };
    const { answer } = await (await mailer()).send({ ...mail, messageId: `${id}@${host}` });
    return { kind: 'sent', note: { type, domain: domainOf(mail.to), answer: answer.slice(0, 200) } };
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
    const note = { type, error: error.message.slice(0, 300) };
    return { kind: error.code === 'mail_refused' ? 'refused' : 'failed', code: error.code, note };
  }
}

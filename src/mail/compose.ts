import MailComposer from 'nodemailer/lib/mail-composer';
import { checkedAddress, type NamedAddress } from './address.ts';
import { mailRefused } from './errors.ts';
import type { Mail } from './mailer.ts';

/** A mail as it goes over the wire. */
export interface ComposedMail {
  from: string;
  to: string;
  /** RFC 5322, with CRLF. */
  bytes: Buffer;
}

const MAX_SUBJECT = 200;

/**
 * The bytes of a mail: plain text in UTF-8, marked as sent by a program (RFC 3834), with the one click that ends the subscription
 * (RFC 8058). The same mail at the same time comes to the same bytes, whoever carries it.
 * @throws KittiwakeError `mail_refused` for what is no address or no Message-ID
 */
export async function composeMail(mail: Mail, sender: NamedAddress, nowMs: number): Promise<ComposedMail> {
  const to = checkedAddress(mail.to);
  if (!/^[\w.+=-]{1,200}@[\w.-]{1,253}$/.test(mail.messageId)) {
    throw mailRefused(`its Message-ID is "${mail.messageId}"`);
  }
  const composer = new MailComposer({
    from: { ...sender },
    to: { name: '', address: to },
    messageId: `<${mail.messageId}>`,
    date: new Date(nowMs),
    subject: headerLine(mail.subject) || 'Notice',
    text: mail.text.replace(/\r\n?|\n/g, '\r\n'),
    textEncoding: 'quoted-printable',
    disableFileAccess: true,
    disableUrlAccess: true,
    headers: [
      { key: 'Auto-Submitted', value: 'auto-generated' },
      // SES gives mails a Message-ID of its own.
      { key: 'Kittiwake-Id', value: mail.messageId },
      ...unsubscribing(mail.unsubscribeUrl),
    ],
  });
  return { from: sender.address, to, bytes: await composer.compile().build() };
}

/** One line, whatever was in it. */
function headerLine(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();
  return line.length > MAX_SUBJECT ? `${line.slice(0, MAX_SUBJECT).toWellFormed()}…` : line;
}

function unsubscribing(url: string | undefined): { key: string; value: string }[] {
  if (url === undefined) return [];
  if (!/^https?:\/\/[!-;=?-~]{1,900}$/.test(url)) throw mailRefused(`its link to unsubscribe is "${url}"`);
  return [
    { key: 'List-Unsubscribe', value: `<${url}>` },
    { key: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
  ];
}

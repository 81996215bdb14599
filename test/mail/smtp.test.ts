import { afterEach, describe, expect, test } from 'vitest';
import { isKittiwakeError } from '../../src/core/errors.ts';
import type { Mail } from '../../src/mail/mailer.ts';
import { createSmtpMailer, type SmtpOptions } from '../../src/mail/smtp.ts';
import { temporaryFolder } from '../storage/temporary-folder.ts';
import { localhostCertificate } from '../support/certificate.ts';
import { needs } from '../support/needs.ts';
import { type MailServer, type MailServerOptions, startMailServer } from '../support/smtp-server.ts';

const servers: MailServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function mailServer(options?: MailServerOptions): Promise<MailServer> {
  const server = await startMailServer(options);
  servers.push(server);
  return server;
}

function mailerTo({ port }: { port: number }, options: Partial<SmtpOptions> = {}) {
  return createSmtpMailer({
    host: 'localhost',
    port,
    usesSsl: false,
    usesTls: false,
    sender: { name: 'Das Wiki – Möwen', address: 'wiki@example.org' },
    now: () => Date.UTC(2026, 1, 3, 4, 5, 6),
    timeoutMs: 5_000,
    ...options,
  });
}

const MAIL: Mail = {
  messageId: 'a1b2@wiki.example.org',
  to: 'anna@example.org',
  subject: 'Änderung an „Dreizehenmöwe“',
  text: 'Grüße,\n\ndie Seite "docs/möwe" wurde geändert.\n.\nEnde\n',
  unsubscribeUrl: 'https://wiki.example.org/api/v1/unsubscribe?token=abc-_1',
};

async function failure(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return isKittiwakeError(error) ? { code: error.code, message: error.message } : { error };
}

describe('a mail by SMTP', () => {
  test('arrives as it was written, with the headers of a mail by a program', async () => {
    const server = await mailServer();
    const { answer } = await mailerTo(server).send(MAIL);
    expect(answer).toContain('250');
    const [mail] = server.received;
    expect(mail).toMatchObject({ from: 'wiki@example.org', to: ['anna@example.org'], isSecure: false });
    expect(mail?.body.trimEnd()).toBe(MAIL.text.trimEnd());
    expect(Object.fromEntries(mail?.headers ?? [])).toMatchObject({
      from: '"Das Wiki – Möwen" <wiki@example.org>'.replaceAll('"', ''),
      to: 'anna@example.org',
      subject: MAIL.subject,
      'message-id': '<a1b2@wiki.example.org>',
      date: 'Tue, 03 Feb 2026 04:05:06 +0000',
      'auto-submitted': 'auto-generated',
      'list-unsubscribe': `<${MAIL.unsubscribeUrl}>`,
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
    });
    expect(mail?.text.split('').every(character => character <= '~')).toBe(true);
  });

  test('goes over STARTTLS with a login, by a certificate that is trusted', async ctx => {
    needs(ctx, 'openssl');
    const { key, cert } = localhostCertificate(temporaryFolder());
    const login = { user: 'wiki', password: 'pa ss"word' };
    const server = await mailServer({ key, cert, login });
    await mailerTo(server, { usesTls: true, ca: cert, login }).send(MAIL);
    expect(server.received).toMatchObject([{ isSecure: true, user: 'wiki' }]);
  });

  test('is given to nobody whose certificate is not trusted', async ctx => {
    needs(ctx, 'openssl');
    const { key, cert } = localhostCertificate(temporaryFolder());
    const login = { user: 'wiki', password: 'secret' };
    const server = await mailServer({ key, cert, login });
    const failed = await failure(mailerTo(server, { usesTls: true, login }).send(MAIL));
    expect(failed).toMatchObject({ code: 'mail_failed' });
    expect(server.received).toEqual([]);
  });

  test('is not sent in the clear where TLS is demanded', async () => {
    const server = await mailServer();
    const failed = await failure(mailerTo(server, { usesTls: true }).send(MAIL));
    expect(failed).toMatchObject({ code: 'mail_failed' });
    expect(server.received).toEqual([]);
  });

  test('fails for now when the login is refused', async ctx => {
    needs(ctx, 'openssl');
    const { key, cert } = localhostCertificate(temporaryFolder());
    const server = await mailServer({ key, cert, login: { user: 'wiki', password: 'right' } });
    const login = { user: 'wiki', password: 'wrong' };
    const failed = await failure(mailerTo(server, { usesTls: true, ca: cert, login }).send(MAIL));
    expect(failed).toMatchObject({ code: 'mail_failed' });
    expect(failed.message).not.toContain('wrong');
  });

  test.each([
    [550, 'mail_refused'],
    [450, 'mail_failed'],
  ])('that a server answers with %i at the recipient is %s', async (responseCode, code) => {
    const server = await mailServer({
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('No'), { responseCode })),
    });
    expect(await failure(mailerTo(server).send(MAIL))).toMatchObject({ code });
  });

  test.each([
    [554, 'mail_refused'],
    [451, 'mail_failed'],
  ])('that a server answers with %i at its end is %s', async (responseCode, code) => {
    const server = await mailServer();
    server.onMail = () => {
      throw Object.assign(new Error('No'), { responseCode });
    };
    expect(await failure(mailerTo(server).send(MAIL))).toMatchObject({ code });
  });

  test('of a sender who is refused fails for now, as that can be put right', async () => {
    const server = await mailServer({
      onMailFrom: (_address, _session, done) => done(Object.assign(new Error('No'), { responseCode: 550 })),
    });
    expect(await failure(mailerTo(server).send(MAIL))).toMatchObject({ code: 'mail_failed' });
  });

  test('fails for now when nobody listens, or nobody answers', async () => {
    const server = await startMailServer();
    await server.stop();
    expect(await failure(mailerTo(server).send(MAIL))).toMatchObject({ code: 'mail_failed' });
    const silent = await mailServer();
    silent.onMail = () => new Promise(() => {});
    const failed = await failure(mailerTo(silent, { timeoutMs: 300 }).send(MAIL));
    expect(failed).toMatchObject({ code: 'mail_failed' });
  });
});

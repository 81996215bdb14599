import type { ProjectionSettings } from '../core/projection-config.ts';
import { type Runtime, randomId } from '../core/runtime.ts';

/**
 * Sends one mail at once. Nothing of the wiki is read.
 * @returns what the server answered
 * @throws KittiwakeError `mail_off`, `mail_refused`, `mail_failed`
 */
export async function sendTestMail(
  settings: ProjectionSettings,
  to: string,
  runtime: Runtime,
): Promise<string> {
  const [{ createMailer }, { domainOf, namedAddress }] = await Promise.all([
    import('../mail/create-mailer.ts'),
    import('../mail/address.ts'),
  ]);
  const { mailSender, siteName } = settings.config;
  const mailer = await createMailer({ ...settings, now: () => runtime.now() });
  try {
    const { answer } = await mailer.send({
      messageId: `${randomId(runtime)}@${domainOf(namedAddress(mailSender).address)}`,
      to,
      subject: `[${siteName}] Test`,
      text: `${siteName} can send mails.\n`,
    });
    return answer;
  } finally {
    await mailer.close();
  }
}

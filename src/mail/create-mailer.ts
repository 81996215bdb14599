import type { ProjectionConfig, ProjectionSecrets } from '../core/projection-config.ts';
import { namedAddress } from './address.ts';
import { mailOff } from './errors.ts';
import type { Mailer } from './mailer.ts';

export type MailConfig = Pick<
  ProjectionConfig,
  'mail' | 'mailSender' | 'mailServer' | 'mailPort' | 'mailUsername' | 'mailUseTls' | 'mailUseSsl'
>;

export interface MailerOptions {
  config: MailConfig;
  secrets: Pick<ProjectionSecrets, 'mailPassword'>;
  now(): number;
}

/**
 * What the configuration says that mails are sent by; its code is loaded now.
 * @throws KittiwakeError `mail_off` when it says `none`, or not all that is needed
 */
export async function createMailer({ config, secrets, now }: MailerOptions): Promise<Mailer> {
  if (config.mail === 'none') throw mailOff('they are not configured, wanted KITTIWAKE_MAIL=smtp or ses');
  if (config.mailSender === '') throw mailOff('nobody sends them, wanted KITTIWAKE_MAIL_SENDER');
  const sender = namedAddress(config.mailSender);
  if (config.mail === 'ses') {
    const { createSesMailer } = await import('./ses.ts');
    return createSesMailer({ sender, now });
  }
  if (config.mailServer === '') throw mailOff('no server is configured, wanted KITTIWAKE_MAIL_SERVER');
  const { createSmtpMailer } = await import('./smtp.ts');
  const { mailServer: host, mailPort: port, mailUsername: user } = config;
  const login = user === '' ? undefined : { user, password: secrets.mailPassword ?? '' };
  return createSmtpMailer({
    host,
    port,
    usesSsl: config.mailUseSsl,
    usesTls: config.mailUseTls,
    login,
    sender,
    now,
  });
}

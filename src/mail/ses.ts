import { SESv2Client, type SESv2ClientConfig, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { NamedAddress } from './address.ts';
import { composeMail } from './compose.ts';
import { mailFailed, mailRefused } from './errors.ts';
import type { Mailer } from './mailer.ts';

export interface SesOptions {
  sender: NamedAddress;
  /** Milliseconds since the epoch, for the mail's date. */
  now(): number;
  /** Default: what the SDK finds. */
  region?: string | undefined;
  /** Default: that of the region. */
  endpoint?: string | undefined;
  /** Default: what the SDK finds. */
  credentials?: { accessKeyId: string; secretAccessKey: string } | undefined;
  /** Default 20,000 */
  timeoutMs?: number;
}

const TIMEOUT_MS = 20_000;
const REFUSALS: ReadonlySet<string> = new Set(['BadRequestException', 'MessageRejected']);

/** Mails by Amazon SES, API version 2. SES replaces the Message-ID by one of its own. */
export function createSesMailer(options: SesOptions): Mailer {
  const { region, endpoint, credentials, timeoutMs = TIMEOUT_MS } = options;
  const config: SESv2ClientConfig = {
    // A repeat after an answer that was lost would be a second mail which nobody counts.
    maxAttempts: 1,
    requestHandler: { requestTimeout: timeoutMs, connectionTimeout: timeoutMs },
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  };
  const client = new SESv2Client(config);
  return {
    async send(mail) {
      const { from, to, bytes } = await composeMail(mail, options.sender, options.now());
      const command = new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [to] },
        Content: { Raw: { Data: bytes } },
      });
      try {
        const { MessageId = '' } = await client.send(command);
        return { answer: `SES took it as ${MessageId}` };
      } catch (error) {
        throw failureOf(error);
      }
    },
    close: async () => client.destroy(),
  };
}

function failureOf(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  const said = `${name}: ${message}`;
  return REFUSALS.has(name) ? mailRefused(said, error) : mailFailed(said, error);
}

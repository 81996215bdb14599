import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { NamedAddress } from './address.ts';
import { composeMail } from './compose.ts';
import { mailFailed, mailRefused } from './errors.ts';
import type { Mailer, SentMail } from './mailer.ts';

export interface SmtpOptions {
  host: string;
  port: number;
  /** TLS from the start; else STARTTLS is demanded, unless `usesTls` is false as well. */
  usesSsl: boolean;
  usesTls: boolean;
  /** Absent: no login. */
  login?: { user: string; password: string } | undefined;
  sender: NamedAddress;
  /** Milliseconds since the epoch, for the mail's date. */
  now(): number;
  /** Certificates that are trusted besides the system's, in PEM. Default: none. */
  ca?: string;
  /** Between two signs of life of the server. Default 20,000 */
  timeoutMs?: number;
}

const TIMEOUT_MS = 20_000;

/** Mails by SMTP, each over a connection of its own. */
export function createSmtpMailer(options: SmtpOptions): Mailer {
  return {
    async send(mail) {
      const { from, to, bytes } = await composeMail(mail, options.sender, options.now());
      const connection = new Connection(options);
      try {
        await connection.open();
        return await connection.send({ from, to: [to] }, bytes);
      } finally {
        connection.close();
      }
    },
    close: async () => {},
  };
}

/** What the library tells of a failure. */
interface Failure {
  message: string;
  code?: string | undefined;
  responseCode?: number | undefined;
  command?: string | undefined;
}

class Connection {
  readonly #options: SmtpOptions;
  readonly #connection: SMTPConnection;
  /** Rejects with what breaks the connection, whatever is under way. */
  readonly #broken: Promise<never>;

  constructor(options: SmtpOptions) {
    this.#options = options;
    this.#connection = new SMTPConnection(connectionOptions(options));
    this.#broken = new Promise((_, reject) => {
      this.#connection.on('error', (error: Failure) => reject(failureOf(error)));
      this.#connection.once('end', () => reject(mailFailed('the server ended the connection')));
    });
    this.#broken.catch(() => {});
  }

  async open(): Promise<void> {
    await this.#step(done => this.#connection.connect(done));
    const { login } = this.#options;
    if (login)
      await this.#step(done => this.#connection.login({ user: login.user, pass: login.password }, done));
  }

  async send(envelope: { from: string; to: string[] }, bytes: Buffer): Promise<SentMail> {
    const { response } = await this.#step<{ response: string }>(done =>
      this.#connection.send(envelope, bytes, done),
    );
    return { answer: response };
  }

  close(): void {
    this.#connection.quit();
    this.#connection.close();
  }

  #step<T = unknown>(begin: (done: (error?: Failure | null, value?: T) => void) => void): Promise<T> {
    const work = new Promise<T>((resolve, reject) => {
      begin((error, value) => (error ? reject(failureOf(error)) : resolve(value as T)));
    });
    return Promise.race([work, this.#broken]);
  }
}

function connectionOptions(options: SmtpOptions): SMTPConnectionOptions {
  const { host, port, usesSsl, usesTls, ca, timeoutMs = TIMEOUT_MS } = options;
  return {
    host,
    port,
    secure: usesSsl,
    requireTLS: usesTls && !usesSsl,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    maxResponseSize: 64 << 10,
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
  };
}

/** For good is only what the server says of the recipient or of the mail: a login that is refused can be put right. */
function failureOf(error: Failure): Error {
  const { message, responseCode = 0, command = '' } = error;
  const isOfMail = command.startsWith('RCPT') || command === 'DATA';
  return isOfMail && responseCode >= 500 ? mailRefused(message, error) : mailFailed(message, error);
}

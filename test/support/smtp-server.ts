import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** As they came over the wire. */
  text: string;
  headers: ReadonlyMap<string, string>;
  /** Decoded. */
  body: string;
  isSecure: boolean;
  user: string | undefined;
}

export interface MailServer {
  port: number;
  received: ReceivedMail[];
  /** Called before a mail is taken; what it throws is the answer. */
  onMail: (mail: ReceivedMail) => void | Promise<void>;
  stop(): Promise<void>;
}

export interface MailServerOptions extends SMTPServerOptions {
  login?: { user: string; password: string };
}

/** A real SMTP server on 127.0.0.1 that keeps what it is given. To be stopped by who starts it. */
export async function startMailServer({ login, ...options }: MailServerOptions = {}): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  const kept: Pick<MailServer, 'onMail'> = { onMail: () => {} };
  const server = new SMTPServer({
    authOptional: login === undefined,
    disabledCommands: login === undefined ? ['AUTH', 'STARTTLS'] : [],
    logger: false,
    onAuth: ({ username, password }, _session, done) => {
      const isRight = username === login?.user && password === login?.password;
      if (isRight) done(null, { user: username });
      else done(new Error('Wrong password'));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const { mailFrom, rcptTo } = session.envelope;
        const mail: ReceivedMail = {
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          ...partsOf(Buffer.concat(chunks)),
          isSecure: session.secure,
          user: session.user === undefined ? undefined : String(session.user),
        };
        try {
          await kept.onMail(mail);
          received.push(mail);
          done(null, 'taken');
        } catch (error) {
          done(error as Error);
        }
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  const stop = () => new Promise<void>(resolve => server.close(() => resolve()));
  return Object.assign(kept, { port, received, stop });
}

/** What a mail of one part is made of. */
export function partsOf(bytes: Buffer): Pick<ReceivedMail, 'text' | 'headers' | 'body'> {
  const text = bytes.toString('utf8');
  const end = text.indexOf('\r\n\r\n');
  const lines = text
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = new Map(
    lines.map(line => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), decodedWords(line.slice(colon + 1).trim())] as const;
    }),
  );
  const encoded = text.slice(end + 4);
  const isQuoted = headers.get('content-transfer-encoding') === 'quoted-printable';
  return { text, headers, body: (isQuoted ? unquoted(encoded) : encoded).replaceAll('\r\n', '\n') };
}

function unquoted(text: string): string {
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** RFC 2047. */
function decodedWords(value: string): string {
  const joined = value.replace(/\?=\s+=\?/g, '?==?');
  return joined.replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, encoded: string) =>
    kind.toUpperCase() === 'B'
      ? Buffer.from(encoded, 'base64').toString('utf8')
      : unquoted(encoded.replaceAll('_', ' ')),
  );
}

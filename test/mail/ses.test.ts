import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Mail } from '../../src/mail/mailer.ts';
import { createSesMailer } from '../../src/mail/ses.ts';
import { partsOf } from '../support/smtp-server.ts';

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: what came is looked into
  body: any;
}

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** What answers in the place of SES; the requests are those of the real client. */
async function sesServer(status: number, answer: object, type?: string) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      received.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(type === undefined ? {} : { 'x-amzn-errortype': type }),
      });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  const mailer = createSesMailer({
    sender: { name: 'Wiki', address: 'wiki@example.org' },
    now: () => Date.UTC(2026, 0, 2),
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  });
  closing.push(async () => {
    await mailer.close();
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });
  return { mailer, received };
}

const MAIL: Mail = {
  messageId: 'id@example.org',
  to: 'anna@example.org',
  subject: 'Grüße',
  text: 'Hello\n',
};

describe('a mail by SES', () => {
  test('is signed, and raw, so that it has the headers that it has by SMTP', async () => {
    const { mailer, received } = await sesServer(200, { MessageId: '0102-abc' });
    expect((await mailer.send(MAIL)).answer).toContain('0102-abc');
    const [request] = received;
    expect(request?.path).toBe('/v2/email/outbound-emails');
    expect(request?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/ses\/aws4_request, /,
    );
    expect(request?.body).toMatchObject({
      FromEmailAddress: 'wiki@example.org',
      Destination: { ToAddresses: ['anna@example.org'] },
    });
    const { headers, body } = partsOf(Buffer.from(request?.body.Content.Raw.Data, 'base64'));
    expect(headers.get('subject')).toBe('Grüße');
    expect(headers.get('kittiwake-id')).toBe('id@example.org');
    expect(body.trimEnd()).toBe('Hello');
  });

  test.each([
    [400, 'MessageRejected', 'mail_refused'],
    [400, 'BadRequestException', 'mail_refused'],
    [400, 'SendingPausedException', 'mail_failed'],
    [429, 'TooManyRequestsException', 'mail_failed'],
    [500, 'InternalFailure', 'mail_failed'],
  ])('that is answered with %i %s is %s, and was sent once', async (status, type, code) => {
    const { mailer, received } = await sesServer(status, { message: 'No' }, type);
    await expect(mailer.send(MAIL)).rejects.toMatchObject({ code });
    expect(received).toHaveLength(1);
  });
});

import { expect, onTestFinished, test } from 'vitest';
import { runHere } from '../support/run-here.ts';
import { startMailServer } from '../support/smtp-server.ts';

test('mail test sends one mail, and says what the server answered', async () => {
  const server = await startMailServer();
  onTestFinished(() => server.stop());
  const env = {
    KITTIWAKE_MAIL: 'smtp',
    KITTIWAKE_MAIL_SENDER: 'Wiki <wiki@example.org>',
    KITTIWAKE_MAIL_SERVER: 'localhost',
    KITTIWAKE_MAIL_PORT: String(server.port),
    KITTIWAKE_MAIL_USE_TLS: 'false',
  };
  const sent = await runHere(['mail', 'test', 'anna@example.org'], env);
  expect([sent.code, sent.out]).toEqual([0, expect.stringMatching(/^250 /)]);
  expect(server.received).toMatchObject([{ to: ['anna@example.org'] }]);
  const refused = await runHere(['mail', 'test', 'anna@example.org, bob@example.org'], env);
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('(mail_refused)')]);
});

test('mail test says what is missing where no mails are sent', async () => {
  const { code, err } = await runHere(['mail', 'test', 'anna@example.org']);
  expect([code, err]).toEqual([1, expect.stringContaining('KITTIWAKE_MAIL=smtp or ses')]);
});

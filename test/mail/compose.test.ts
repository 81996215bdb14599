import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkedAddress, namedAddress } from '../../src/mail/address.ts';
import { composeMail } from '../../src/mail/compose.ts';
import { partsOf } from '../support/smtp-server.ts';

const SENDER = { name: 'Wiki', address: 'wiki@example.org' };
const NOW_MS = Date.UTC(2026, 0, 2);

async function composed(mail: { to?: string; subject?: string; text?: string }, sender = SENDER) {
  const { bytes } = await composeMail(
    { messageId: 'id@example.org', to: 'anna@example.org', subject: 'Subject', text: 'Text', ...mail },
    sender,
    NOW_MS,
  );
  return partsOf(bytes);
}

describe('an address', () => {
  test.each([
    'anna@example.org',
    'anna+wiki@mail.example.org',
    "o'neill@example.org",
    'jörg@müller.example',
    'root@localhost',
  ])('may be %s', address => expect(checkedAddress(address)).toBe(address));

  test.each([
    '',
    'anna',
    '@example.org',
    'anna@',
    'anna@@example.org',
    'anna@example.org, bob@example.org',
    'anna@example.org>bob@example.org',
    'Anna <anna@example.org>',
    '"anna smith"@example.org',
    '"a@evil.example"@example.org',
    'anna(comment)@example.org',
    'anna@example.org\r\nBcc: bob@example.org',
    'anna\0@example.org',
    'anna @example.org',
    'group:anna@example.org;',
    'anna@[127.0.0.1]',
    'anna@example..org',
    'anna@.example.org',
    'anna@example.org.',
    '-oQ/tmp@example.org',
    'anna\u200b@example.org',
    `${'a'.repeat(65)}@example.org`,
    `anna@${'a'.repeat(250)}.org`,
  ])('is not %j', address => {
    expect(() => checkedAddress(address)).toThrow(expect.objectContaining({ code: 'mail_refused' }));
  });

  // CVE-2025-14874: parsers that descend into what is nested do not come back.
  test.each([
    ['comments', '('.repeat(50_000) + ')'.repeat(50_000)],
    ['quotes', '"\\'.repeat(50_000)],
    ['groups', 'a:'.repeat(50_000)],
    ['brackets', '<'.repeat(50_000) + '>'.repeat(50_000)],
    ['domains', `a@${'a.'.repeat(50_000)}`],
  ])('of 100 kB of nested %s is refused before it is parsed, and quoted in short', (_, text) => {
    for (const address of [text, `${text}@example.org`, `Anna <${text}>`]) {
      for (const read of [checkedAddress, namedAddress]) {
        expect(() => read(address)).toThrow(
          expect.objectContaining({ code: 'mail_refused', message: expect.stringMatching(/^.{0,200}$/) }),
        );
      }
    }
  });

  test('has a name where a sender is meant', () => {
    const wiki = { name: 'The wiki', address: 'wiki@example.org' };
    expect(namedAddress('The wiki <wiki@example.org>')).toEqual(wiki);
    expect(namedAddress('"The wiki" <wiki@example.org>')).toEqual(wiki);
    expect(namedAddress('wiki@example.org')).toEqual({ ...wiki, name: '' });
  });
});

describe('a mail', () => {
  test('is the same bytes whenever it is composed for the same time', async () => {
    const [first, second] = await Promise.all([composed({ text: 'Grüße' }), composed({ text: 'Grüße' })]);
    expect(first.text).toBe(second.text);
  });

  test('has no header and no recipient but its own, whatever is in its subject and its sender', async () => {
    const names = ['auto-submitted', 'content-transfer-encoding', 'content-type', 'date', 'from'];
    const own = [...names, 'kittiwake-id', 'message-id', 'mime-version', 'subject', 'to'];
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc
        .array(
          fc.constantFrom(
            '\r\n',
            '\n',
            '\r',
            'Bcc: x@y.z',
            '\u2028',
            '\0',
            '=?UTF-8?Q?=0D=0A?=',
            '<',
            '>',
            '"',
            ',',
            'ä',
          ),
          {
            maxLength: 40,
          },
        )
        .map(parts => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (subject, name) => {
        const { headers } = await composed({ subject }, { name, address: SENDER.address });
        expect([...headers.keys()].sort()).toEqual(own);
        expect(headers.get('to')).toBe('anna@example.org');
        expect(headers.get('from')).toContain('wiki@example.org');
      }),
      { numRuns: 300 },
    );
  });

  test('has no line longer than 998 bytes, and no bare line feed', async () => {
    const { text } = await composed({ subject: 'ä'.repeat(5_000), text: `${'ü'.repeat(20_000)}\nb\r\nc\rd` });
    expect(Math.max(...text.split('\r\n').map(line => Buffer.byteLength(line)))).toBeLessThanOrEqual(998);
    expect(text).not.toMatch(/[^\r]\n|\r[^\n]/);
  });

  test('to what is no address is refused', async () => {
    await expect(composed({ to: 'anna@example.org, bob@example.org' })).rejects.toMatchObject({
      code: 'mail_refused',
    });
  });
});

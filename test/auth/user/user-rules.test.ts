import { describe, expect, it } from 'vitest';
import { checkedEmail, checkedName } from '../../../src/auth/user/user-rules.ts';

describe('the name of a user', () => {
  it.each([
    ['Anna', 'Anna'],
    ['  Anna   Lena ', 'Anna Lena'],
    ["Seán O'Brien-Smith, Jr.", "Seán O'Brien-Smith, Jr."],
    ['Zoe\u0308', 'Zoë'],
    ['王小明', '王小明'],
    ['אנה', 'אנה'],
    ['Build bot 2', 'Build bot 2'],
    ['x'.repeat(50), 'x'.repeat(50)],
  ])('may be %j', (text, name) => {
    expect(checkedName(text)).toBe(name);
  });

  it.each([
    '',
    ' ',
    '2 Anna',
    '-Anna',
    'x'.repeat(51),
    'x'.repeat(100_000),
    'Anna <anna@example.org>',
    'Anna\nauthor Eve',
    'Anna\0',
    'Anna\u202egro',
    'Anna\u200b',
    'Anna\tLena',
    'Anonymous',
    'your name',
    'NULL',
  ])('cannot be %j', text => {
    expect(() => checkedName(text)).toThrow(expect.objectContaining({ code: 'user_invalid' }));
  });
});

describe('the address of a user', () => {
  it.each([
    ['anna@example.org', 'anna@example.org'],
    [' Anna.Lena+wiki@Example.org ', 'Anna.Lena+wiki@Example.org'],
    ['zoë@müller.example', 'zoë@müller.example'],
    ["o'brien@example.org", "o'brien@example.org"],
    ['root@localhost', 'root@localhost'],
  ])('may be %j', (text, email) => {
    expect(checkedEmail(text)).toBe(email);
  });

  it.each([
    '',
    '@',
    'anna',
    'anna@',
    '@example.org',
    'anna@b@example.org',
    'anna@example..org',
    'anna@.example.org',
    'anna@-example.org',
    'anna@example.org.',
    'anna lena@example.org',
    'anna@exam ple.org',
    '<anna@example.org>',
    'anna>@example.org',
    '"anna"@example.org',
    'anna(comment)@example.org',
    'anna@[127.0.0.1]',
    'anna@example.org\nbcc: eve@example.org',
    'an\u200bna@example.org',
    'anna\u202e@example.org',
    'anna:b@example.org',
    // KELVIN SIGN and GREEK VARIA, which NFC makes the K and the backtick of somebody else.
    '\u212aarl@example.org',
    'a\u1fef@example.org',
    '-anna@example.org',
    `${'x'.repeat(65)}@example.org`,
    `anna@${'x'.repeat(250)}.org`,
    `${'@'.repeat(100_000)}`,
    `anna@${'a.'.repeat(100_000)}`,
  ])('cannot be %j', text => {
    expect(() => checkedEmail(text)).toThrow(expect.objectContaining({ code: 'user_invalid' }));
  });
});

import { describe, expect, it } from 'vitest';
import { mayReach, parseRanges } from '../../src/net/addresses.ts';
import { checkSecret, checkUrl } from '../../src/projection/webhook/check-webhook.ts';

const nothing = parseRanges([]);

describe('an address that webhooks are sent to', () => {
  it.each(['8.8.8.8', '93.184.216.34', '2606:4700::1111', '2a00:1450:4001::1', '::ffff:8.8.8.8'])(
    '%s is public',
    address => expect(mayReach(address, nothing)).toBe(true),
  );

  it.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '192.0.0.8',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '4000::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'localhost',
    '',
  ])('"%s" is not', address => expect(mayReach(address, nothing)).toBe(false));

  it('that is private may be opened, alone or with its range, in each way it is written', () => {
    const allowed = parseRanges(['10.1.0.0/16', '::1', '127.0.0.1']);
    for (const address of ['10.1.2.3', '::1', '127.0.0.1', '::ffff:10.1.2.3']) {
      expect(mayReach(address, allowed), address).toBe(true);
    }
    for (const address of ['10.2.0.1', '127.0.0.2', '::2']) expect(mayReach(address, allowed)).toBe(false);
  });

  it('cannot be opened by what is no range', () => {
    for (const range of ['10.0.0.0/33', 'ten', '1.2.3', '::/129', '10.0.0.0/8/8']) {
      expect(() => parseRanges([range]), range).toThrow('KITTIWAKE_WEBHOOK_ALLOW');
    }
  });
});

describe('a URL of a webhook', () => {
  it.each([
    'ftp://example.org/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://user@example.org/',
    'https://user:secret@example.org/',
    'https://',
    'example.org',
    'http://127.0.0.1/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://①②⑦.0.0.1/',
    `https://example.org/${'x'.repeat(2_000)}`,
  ])('%s is refused', url => {
    expect(() => checkUrl(url, nothing)).toThrow(expect.objectContaining({ code: 'webhook_invalid' }));
  });

  it('is kept as it is read, without what no server is told', () => {
    expect(checkUrl('HTTPS://Example.ORG/a b?c=d#e', nothing)).toBe('https://example.org/a%20b?c=d');
    expect(checkUrl('http://10.0.0.1:8080/', parseRanges(['10.0.0.0/8']))).toBe('http://10.0.0.1:8080/');
  });
});

describe('a secret of a webhook', () => {
  it('is the base64 of 24 to 64 bytes', () => {
    const of = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;
    for (const bytes of [24, 32, 64]) expect(checkSecret(of(bytes))).toBe(of(bytes));
    for (const secret of [of(23), of(65), of(32).slice(6), `${of(32)}=`, 'whsec_', `${of(24)}!`]) {
      expect(() => checkSecret(secret), secret).toThrow(expect.objectContaining({ code: 'webhook_invalid' }));
    }
  });
});

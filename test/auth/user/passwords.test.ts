import { describe, expect, it } from 'vitest';
import { formatHash, isCurrentHash, parseHash } from '../../../src/auth/user/password-hash.ts';
import { Passwords } from '../../../src/auth/user/passwords.ts';
import { systemRuntime } from '../../../src/core/runtime.ts';

const PASSWORD = 'pässwörd 1';

/** Made by Werkzeug 3.1.8, and as its versions before 2.3 did (HMAC-SHA256 by Python's hmac), which Otterwiki accepts. */
const FOREIGN = {
  scrypt:
    'scrypt:32768:8:1$nHbwswdAkLfO3AJw$029106c548f1acb5b10a9fc4f363b5177b925b44ef3b25fed5f0ce641a40ba9a64f97462f842db89b22cd7013ed971164c11de7276d6a4404e1a6e8c74632f42',
  pbkdf2:
    'pbkdf2:sha256:1000$HFT6bHEXVCjpUGTP$7aeff9c87ae96bfcaaf2472ddda3fc2d9bb789eb5af074c6cd327b04fa8a14c8',
  hmac: 'sha256$Ab3dEf9h$c5fc067f328c67f221a017da2cb044fa617cfc6185891117e3780b2797a85941',
};

/** hashlib.scrypt of Python with our parameters and the salt "0123456789abcdef". */
const OWN = '$scrypt$ln=15,r=8,p=3$MDEyMzQ1Njc4OWFiY2RlZg$d21u38bsnWo9FA52B9CeMGtyvfsxvWqUKKlL3jDsPcw';

describe('a password', () => {
  it.each([...Object.entries(FOREIGN), ['ours', OWN]])(
    'is known by a hash of other programs: %s',
    async (_, hash) => {
      const passwords = new Passwords(systemRuntime);
      expect(await passwords.verify(PASSWORD, hash)).toBe(true);
      expect(await passwords.verify('pässwörd 2', hash)).toBe(false);
    },
  );

  it('is known by the hash that was made of it, however its letters were typed', async () => {
    const passwords = new Passwords(systemRuntime);
    const hash = await passwords.hash(PASSWORD);
    expect(isCurrentHash(hash)).toBe(true);
    expect(hash).not.toBe(await passwords.hash(PASSWORD));
    expect(await new Passwords(systemRuntime).verify(PASSWORD.normalize('NFD'), hash)).toBe(true);
  });

  it('that was right once is forgotten with the hash', async () => {
    const passwords = new Passwords(systemRuntime);
    expect(await passwords.verify(PASSWORD, FOREIGN.hmac)).toBe(true);
    expect(await passwords.verify(PASSWORD, FOREIGN.hmac.replace('c5fc', 'c5fd'))).toBe(false);
  });

  it('of nobody is wrong', async () => {
    const passwords = new Passwords(systemRuntime);
    expect(await passwords.verify(PASSWORD, undefined)).toBe(false);
    expect(await passwords.verify(PASSWORD, 'no hash')).toBe(false);
    // Of no length that its function has.
    expect(await passwords.verify(PASSWORD, FOREIGN.hmac.slice(0, -2))).toBe(false);
  });

  it('that is one too many to be checked at once is refused, and the others are not', async () => {
    const passwords = new Passwords(systemRuntime);
    const cheap = FOREIGN.pbkdf2;
    const results = await Promise.allSettled(
      Array.from({ length: 70 }, () => passwords.verify(PASSWORD, cheap)),
    );
    const refused = results.filter(result => result.status === 'rejected');
    expect(refused.map(({ reason }) => reason.code)).toEqual(Array(4).fill('passwords_busy'));
    expect(await passwords.verify(PASSWORD, cheap)).toBe(true);
  });

  it('is generated long, and differently each time', async () => {
    const passwords = new Passwords(systemRuntime);
    const one = await passwords.fulfil({ kind: 'generated' });
    expect(one.generated).toMatch(/^[A-Za-z0-9_-]{24}$/);
    expect((await passwords.fulfil({ kind: 'generated' })).generated).not.toBe(one.generated);
  });

  it.each([
    ['shorter', 'seven7!'],
    ['of few characters that take many bytes', '🐦🐦🐦🐦'],
    ['longer', 'x'.repeat(1_025)],
  ])('%s than may be is refused, and not quoted', async (_, password) => {
    const refused = await new Passwords(systemRuntime)
      .fulfil({ kind: 'given', password })
      .catch(error => error);
    expect(refused).toMatchObject({ code: 'password_invalid' });
    expect(refused.message).not.toContain(password);
  });
});

describe('a hash', () => {
  it.each([
    '',
    'plain',
    'md5$salt$00112233445566778899aabbccddeeff',
    FOREIGN.scrypt.replace('32768:8:1', '1048576:8:1'),
    FOREIGN.scrypt.replace('32768:8:1', '32767:8:1'),
    FOREIGN.scrypt.replace('32768:8:1', '32768:8'),
    FOREIGN.pbkdf2.replace('1000', '90000000'),
    FOREIGN.pbkdf2.replace('sha256', 'md5'),
    OWN.replace('ln=15', 'ln=30'),
    OWN.replace('p=3', 'p=99'),
    `${OWN}\n`,
  ])('is refused that would cost too much, or is none: %s', async hash => {
    expect(parseHash(hash)).toBe(undefined);
    const refused = new Passwords(systemRuntime).fulfil({ kind: 'hash', hash });
    await expect(refused).rejects.toMatchObject({ code: 'password_invalid' });
  });

  it('is written as it is read', () => {
    const parsed = parseHash(OWN);
    expect(parsed && formatHash(parsed.salt, parsed.expected)).toBe(OWN);
  });
});

import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { jwtPrincipal } from '../../../src/auth/jwt/jwt-principal.ts';
import { JwtVerifier } from '../../../src/auth/jwt/jwt-verifier.ts';
import { readConfig } from '../../../src/core/config.ts';
import { type Issuer, startIssuer } from './issuer.ts';

const refusal = (code: string, message = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

function verifierOf(issuer: Issuer, more: Record<string, string> = {}) {
  const env = { KITTIWAKE_JWT_ISSUER: issuer.url, KITTIWAKE_JWT_AUDIENCE: 'wiki', ...more };
  const clock = { ms: Date.now() };
  const verifier = new JwtVerifier(readConfig({ env }).config, { now: () => clock.ms });
  return { clock, verify: (text: string) => verifier.verify(text) };
}

const seconds = (offset: number) => Math.floor(Date.now() / 1000) + offset;
const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

describe('a JWT', () => {
  test('of the issuer tells who is calling', async () => {
    const issuer = await startIssuer();
    const { verify } = verifierOf(issuer, { KITTIWAKE_AUTH_ROLES_WRITE: 'editors' });
    const claims = { email: 'Ann@Example.org', name: 'Ann', groups: ['editors', 'staff'] };
    expect(await verify(issuer.token(claims))).toEqual({
      id: 'jwt:subject-1',
      standing: 'registered',
      grants: ['write'],
      names: ['user:ann@example.org', 'group:editors', 'group:staff'],
      author: { name: 'Ann', email: 'Ann@Example.org' },
    });
  });

  test.each<[string, (issuer: Issuer) => string]>([
    ['of another issuer', issuer => issuer.token({ iss: 'https://evil.example' })],
    ['without an issuer', issuer => issuer.token({ iss: undefined })],
    ['for somebody else', issuer => issuer.token({ aud: 'shop' })],
    ['for nobody', issuer => issuer.token({ aud: undefined })],
    ['without an end', issuer => issuer.token({ exp: undefined })],
    ['without a subject', issuer => issuer.token({ sub: undefined })],
    ['of the future', issuer => issuer.token({ nbf: seconds(120) })],
    ['whose subject is no text', issuer => issuer.token({ sub: 'a\nb' })],
    ['of a key that the issuer has not', issuer => issuer.token({}, { kid: 'key-9' })],
    ['that says it is signed otherwise', issuer => issuer.token({}, { alg: 'PS512' })],
    ['with an extension that must be understood', issuer => issuer.token({}, { crit: ['x'], x: 1 })],
    [
      'that was changed',
      issuer =>
        issuer
          .token()
          .replace(
            /\.[\w-]+\./,
            `.${encoded({ iss: issuer.url, sub: 'x', aud: 'wiki', exp: seconds(60) })}.`,
          ),
    ],
    ['that is not signed', issuer => `${encoded({ alg: 'none' })}.${issuer.token().split('.')[1]}.AA`],
    ['signed with the public key as a password', withPublicKey],
    ['that is none', () => 'a.b.c'],
  ])('%s is refused, and not told why', async (_, tokenOf) => {
    const issuer = await startIssuer();
    const { verify } = verifierOf(issuer);
    await expect(verify(tokenOf(issuer))).rejects.toEqual(refusal('auth_invalid'));
    await expect(verify(tokenOf(issuer))).rejects.not.toEqual(refusal('auth_invalid', 'expired'));
  });

  test('that has expired says so, half a minute of difference of clocks allowed', async () => {
    const issuer = await startIssuer();
    const { verify } = verifierOf(issuer);
    await expect(verify(issuer.token({ exp: seconds(-60) }))).rejects.toEqual(
      refusal('auth_invalid', 'This JWT has expired'),
    );
    await expect(verify(issuer.token({ exp: seconds(-5) }))).resolves.toMatchObject({ id: 'jwt:subject-1' });
  });

  test('of an algorithm that the settings do not name is refused', async () => {
    const issuer = await startIssuer();
    const { verify } = verifierOf(issuer, { KITTIWAKE_JWT_ALGORITHMS: 'ES256' });
    await expect(verify(issuer.token())).rejects.toEqual(refusal('auth_invalid'));
  });

  function withPublicKey(issuer: Issuer): string {
    const [, payload] = issuer.token().split('.');
    const text = `${encoded({ alg: 'HS256', kid: issuer.key.kid })}.${payload}`;
    const signature = createHmac('sha256', JSON.stringify(issuer.key.jwk)).update(text).digest('base64url');
    return `${text}.${signature}`;
  }
});

describe('the keys of the issuer', () => {
  test('are asked for once, however many need them', async () => {
    const issuer = await startIssuer();
    const { verify } = verifierOf(issuer);
    await Promise.all([verify(issuer.token()), verify(issuer.token()), verify(issuer.token())]);
    await verify(issuer.token());
    expect(issuer.asked).toBe(1);
  });

  test('are read again for the sake of a new one, but not at the wish of everybody', async () => {
    const issuer = await startIssuer();
    const { verify, clock } = verifierOf(issuer);
    await verify(issuer.token());
    issuer.rotate();
    await expect(verify(issuer.token())).rejects.toEqual(refusal('auth_invalid'));
    expect(issuer.asked).toBe(1);
    clock.ms += 31_000;
    await expect(verify(issuer.token())).resolves.toMatchObject({ id: 'jwt:subject-1' });
    for (let guess = 0; guess < 20; guess += 1) {
      await expect(verify(issuer.token({}, { kid: `no-${guess}` }))).rejects.toEqual(refusal('auth_invalid'));
    }
    expect(issuer.asked).toBe(2);
  });

  test.each(['fails', 'not-json'] as const)('when it %s nobody is told that he is wrong', async mode => {
    const issuer = await startIssuer();
    const { verify, clock } = verifierOf(issuer);
    issuer.mode = mode;
    await expect(verify(issuer.token())).rejects.toEqual(refusal('keys_unavailable'));
    await expect(verify(issuer.token())).rejects.toEqual(refusal('keys_unavailable'));
    expect(issuer.asked).toBe(1);
    issuer.mode = 'answers';
    clock.ms += 5_001;
    await expect(verify(issuer.token())).resolves.toMatchObject({ id: 'jwt:subject-1' });
  });

  test('count for an hour when it cannot be asked', async () => {
    const issuer = await startIssuer();
    const { verify, clock } = verifierOf(issuer);
    const token = issuer.token({ exp: seconds(100_000) });
    await verify(token);
    issuer.mode = 'fails';
    clock.ms += 59 * 60_000;
    await expect(verify(token)).resolves.toMatchObject({ id: 'jwt:subject-1' });
    clock.ms += 2 * 60_000;
    await expect(verify(token)).rejects.toEqual(refusal('keys_unavailable'));
  });
});

describe('the claims of a JWT', () => {
  const { config } = readConfig({ env: {} });
  const principal = (claims: Record<string, unknown>) => jwtPrincipal({ sub: 's', ...claims }, config);

  test('an address that is not verified counts for nothing', () => {
    for (const unverified of [false, 'false', 'False', 0, null, 'no']) {
      const found = principal({ email: 'boss@example.org', email_verified: unverified });
      expect(found).toMatchObject({ names: [] });
      expect(found?.author).toBeUndefined();
    }
    expect(principal({ email: 'a@example.org', email_verified: true })?.names).toEqual([
      'user:a@example.org',
    ]);
  });

  test('groups are a list or words, and only texts', () => {
    expect(principal({ groups: 'a b' })?.names).toEqual(['group:a', 'group:b']);
    expect(principal({ groups: ['a', 7, null, '', 'b\n', 'a'] })?.names).toEqual(['group:a']);
    expect(principal({ groups: { admin: true } })?.names).toEqual([]);
  });

  test('groups give rights, and administrators their standing', () => {
    expect(principal({ groups: ['READ'] })).toMatchObject({ standing: 'registered', grants: ['read'] });
    expect(principal({ groups: ['ADMIN'] })).toMatchObject({ standing: 'admin', grants: ['admin'] });
    expect(principal({})).toMatchObject({ standing: 'registered', grants: [] });
  });

  test.each(['a\nb', '<x>', 'x'.repeat(101), '\u202Eevil'])('the name %j does not get into commits', name => {
    expect(principal({ name, email: 'a@example.org' })?.author).toEqual({
      name: 'a@example.org',
      email: 'a@example.org',
    });
  });
});

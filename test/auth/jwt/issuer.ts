import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** An issuer of JWTs with a server for its keys. The JWTs are signed by node:crypto alone. */
export interface Issuer {
  readonly url: string;
  /** What its server does. */
  mode: 'answers' | 'fails' | 'hangs' | 'not-json';
  /** How often its keys were asked for. */
  asked: number;
  /** Begins to sign with another key; the ones before are not published any more. */
  rotate(): void;
  /** A JWT for `wiki` that is valid for an hour; fields that are undefined are left out. */
  token(claims?: Record<string, unknown>, header?: Record<string, unknown>): string;
  readonly key: SigningKey;
}

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  jwk: Record<string, unknown>;
}

export async function startIssuer(): Promise<Issuer> {
  let key = makeKey('key-1');
  const server = createServer((_, response) => {
    issuer.asked += 1;
    if (issuer.mode === 'hangs') return;
    if (issuer.mode === 'fails') response.writeHead(500);
    response.end(issuer.mode === 'not-json' ? '<html>' : JSON.stringify({ keys: [key.jwk] }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: Issuer = {
    url,
    mode: 'answers',
    asked: 0,
    rotate: () => {
      key = makeKey(`key-${Number(key.kid.slice(4)) + 1}`);
    },
    token: (claims = {}, header = {}) => signed(key, { iss: url, ...claims }, header),
    get key() {
      return key;
    },
  };
  return issuer;
}

function makeKey(kid: string): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' } };
}

function signed(key: SigningKey, claims: Record<string, unknown>, header: Record<string, unknown>): string {
  const now = Math.floor(Date.now() / 1000);
  const payload = { sub: 'subject-1', aud: 'wiki', iat: now, exp: now + 3600, ...claims };
  const parts = [{ alg: 'RS256', typ: 'JWT', kid: key.kid, ...header }, payload].map(part =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const text = parts.join('.');
  return `${text}.${sign('sha256', Buffer.from(text), key.privateKey).toString('base64url')}`;
}

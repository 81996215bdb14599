import { connect } from 'node:net';
import { createServer } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { localhostCertificate } from '../support/certificate.ts';
import { needs } from '../support/needs.ts';
import type { S3Server } from '../support/s3-server/server.ts';
import { s3ServerForTest } from '../support/s3-server.ts';
import { getInChild } from './s3-get-process.ts';
import { listening, putText, s3Store } from './s3-support.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** TLS in front of a server, with a certificate for `localhost` that only its file vouches for. */
async function withTls(server: S3Server): Promise<{ endpoint: string; certificate: string }> {
  const { key, cert, file: certificate } = localhostCertificate(temporaryFolder());
  const front = createServer({ key, cert }, socket => {
    const back = connect(server.port, '127.0.0.1');
    socket.on('error', () => back.destroy()).pipe(back);
    back.on('error', () => socket.destroy()).pipe(socket);
  });
  front.on('tlsClientError', () => {});
  return { endpoint: `https://localhost:${await listening(front)}`, certificate };
}

describe('over TLS', () => {
  test('objects are read, and the connection is kept', async ctx => {
    needs(ctx, 'openssl');
    const server = await s3ServerForTest();
    await putText(s3Store(server, { prefix: '' }), 'hello', { immutable: true });
    const { endpoint, certificate } = await withTls(server);
    const { accessKeyId, secretAccessKey } = server.credentials;
    const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    const trusting = await getInChild(endpoint, { ...env, NODE_EXTRA_CA_CERTS: certificate });
    expect(trusting).toMatchObject({ kind: 'found', size: 5, connected: [true, false] });
  });

  test('nothing is sent to a server whose certificate is not trusted', async ctx => {
    needs(ctx, 'openssl');
    const server = await s3ServerForTest();
    const { endpoint } = await withTls(server);
    const env = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
    const { code, message } = await getInChild(endpoint, env);
    expect(code).toBe('storage_failed');
    expect(message).toContain(`${endpoint} cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT)`);
    expect(server.requests.all).toEqual([]);
  });
});

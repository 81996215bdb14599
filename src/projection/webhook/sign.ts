/** Headers by which a receiver knows a message: https://www.standardwebhooks.com, symmetric signatures. */
export interface SignedHeaders {
  'webhook-id': string;
  /** Seconds since the epoch, of this attempt. */
  'webhook-timestamp': string;
  /** `v1,<base64 HMAC-SHA256 of id.timestamp.body>`, one for each secret, with spaces between. */
  'webhook-signature': string;
}

/** @param secrets `whsec_` and base64 of the key */
export function signedHeaders(
  { id, seconds, body }: { id: string; seconds: number; body: string },
  secrets: readonly string[],
): SignedHeaders {
  const { createHmac } = process.getBuiltinModule('node:crypto');
  const signatures = secrets.map(secret => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatures.join(' '),
  };
}

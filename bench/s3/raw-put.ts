import { randomUUID } from 'node:crypto';
import type { Contestant } from '../support/interleave.ts';
import { plainS3 } from '../support/plain-s3.ts';
import { storeAt } from '../support/s3-store.ts';
import type { ServerUnderTest } from '../support/server-under-test.ts';

/** Replaces one object by one conditional PUT each time, through `put`, which resolves with the new version. */
function replacing(
  name: string,
  bytes: () => number,
  put: (body: Buffer, version: string | undefined) => Promise<string>,
): Contestant {
  let version: string | undefined;
  let body = Buffer.alloc(0);
  return {
    name,
    prepare: round => {
      if (body.length !== bytes()) body = Buffer.alloc(Math.max(8, bytes()), 'raw ');
      body = Buffer.from(body);
      body.writeUInt32LE(round);
    },
    run: async () => {
      version = await put(body, version);
    },
  };
}

/** Kittiwake's own store: its transport, its signer and nothing else. */
export function ownPut(server: ServerUnderTest, name: string, bytes: () => number): Contestant {
  const store = storeAt(server.target, `${server.prefix}/own`);
  const key = randomUUID();
  return replacing(name, bytes, async (body, version) => {
    const outcome = await store.put(
      key,
      [body],
      version === undefined ? { ifAbsent: true } : { ifMatch: version },
    );
    if (outcome.kind !== 'stored') throw new Error(`Writing "${key}" ends as "${outcome.kind}"`);
    return outcome.version;
  });
}

/** Node's own client with the least signer that does. */
export function plainPut(server: ServerUnderTest, name: string, bytes: () => number): Contestant {
  const s3 = plainS3(server.target);
  const key = `${server.prefix}/plain/${randomUUID()}`;
  return replacing(name, bytes, async (body, version) => {
    const condition: Record<string, string> =
      version === undefined ? { 'if-none-match': '*' } : { 'if-match': version };
    const { status, headers } = await s3('PUT', key, body, condition);
    if (status !== 200) throw new Error(`Writing "${key}" is answered ${status}`);
    return String(headers.etag).replaceAll('"', '');
  });
}

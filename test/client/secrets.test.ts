import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { systemRuntime } from '../../src/core/runtime.ts';
import { startServer } from '../../src/http/server.ts';
import { KEY } from '../http/harness.ts';
import { openListeningWiki } from '../support/listening-wiki.ts';

const SERVER = { host: '127.0.0.1', port: 0, requestTimeoutMs: 5_000, runtime: systemRuntime };
const SECRET = 's3cret-s3cret';

/** What a call fails with, as a log would show it. */
async function failure(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    return inspect(error, { depth: 10, showHidden: true });
  }
  return expect.unreachable();
}

test('no error shows who was calling', async () => {
  const { url } = await openListeningWiki();
  const gone = await startServer({ ...SERVER, app: { handle: () => expect.unreachable() } });
  await gone.close();
  const unreachable = { url: gone.url, retries: 0 };
  const failures = [
    await failure(() => createClient({ url, token: SECRET }).page('Home')),
    await failure(() =>
      createClient({ url, basic: { user: 'ann@example.org', password: SECRET } }).page('Home'),
    ),
    await failure(() => createClient({ ...unreachable, key: SECRET }).put('Home', 'x')),
    await failure(() => createClient({ url, token: `${SECRET}\n` })),
    await failure(() => createClient({ url, token: () => `ä${SECRET}` }).page('Home')),
    await failure(() => createClient({ url: url.replace('://', `://ann:${SECRET}@`) })),
    await failure(() => createClient({ url: `nowhere:${SECRET}@` })),
    await failure(() => createClient({ url, key: SECRET, token: SECRET })),
  ];
  expect(failures[0]).toContain('auth_invalid');
  expect(failures[2]).toContain('network_failed');
  for (const text of failures) {
    expect(text).toContain('KittiwakeClientError');
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(btoa(`ann@example.org:${SECRET}`));
  }
});

test('a token may be one that is asked for anew', async () => {
  const { url } = await openListeningWiki();
  const tokens = [KEY, 'another'];
  const client = createClient({ url, token: async () => tokens.shift() ?? '' });
  await client.put('Home', 'one\n');
  await expect(client.page('Home')).rejects.toMatchObject({ code: 'auth_invalid', status: 401 });
});

test('nobody at all may be calling', async () => {
  const { url } = await openListeningWiki({ env: { READ_ACCESS: 'ANONYMOUS' } });
  await createClient({ url, key: KEY }).put('Home', 'one\n');
  expect((await createClient({ url }).page('Home')).content).toBe('one\n');
});

import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { openWiki } from '../http/harness.ts';

test('administrators read which plugins there are, and what they have come to', async () => {
  const { call, write } = await openWiki({ KITTIWAKE_PLUGINS: resolve('examples/plugins/house-rules.ts') });
  await write('a', 'text');
  const { status, body } = await call('GET', '/plugins');
  expect(status).toBe(200);
  expect(body.plugins).toMatchObject([
    { name: 'house-rules', version: '1', hooks: [{ hook: 'beforeWrite', failures: 0 }, { calls: 0 }] },
  ]);
  const [asked] = body.plugins[0].hooks;
  expect(asked.calls).toBeGreaterThan(0);
  expect(asked.total_ms).toBeGreaterThanOrEqual(asked.max_ms);
});

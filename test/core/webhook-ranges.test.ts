import { expect, it } from 'vitest';
import { readProjectionSettings } from '../../src/core/projection-config.ts';

function allowed(text: string): readonly string[] {
  return readProjectionSettings({ env: { KITTIWAKE_WEBHOOK_ALLOW: text } }).config.webhookAllow;
}

it('addresses that webhooks may be sent to are addresses and ranges', () => {
  expect(allowed('10.1.0.0/16 ::1, fd00::/8')).toEqual(['10.1.0.0/16', '::1', 'fd00::/8']);
  expect(allowed('')).toEqual([]);
  for (const text of ['10.1/16', '10.0.0.0/33', '::/129', 'localhost', '10.0.0.0/', '1.2.3.4/1/2']) {
    expect(() => allowed(text), text).toThrow('KITTIWAKE_WEBHOOK_ALLOW');
  }
});

import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { hashObject } from '../../src/git/object/object-codec.ts';
import { createDelta } from '../../src/git/pack/delta.ts';
import { FLUSH, packet } from '../../src/net/git/pkt-line.ts';
import { KEY, openWiki } from '../http/harness.ts';

const REF_DELTA = 7;

/** A pack of one delta against an object that it does not hold. */
function thinPack(base: string, delta: Buffer): Buffer {
  const size = delta.length;
  const front = [(REF_DELTA << 4) | (size & 15) | (size > 15 ? 0x80 : 0), ...(size > 15 ? [size >> 4] : [])];
  const head = Buffer.from('PACK\0\0\0\x02\0\0\0\x01', 'latin1');
  const pack = Buffer.concat([head, Buffer.from(front), Buffer.from(base, 'hex'), deflateSync(delta)]);
  return Buffer.concat([pack, createHash('sha1').update(pack).digest()]);
}

test('whoever may not read everything learns nothing of what a pack builds on', async () => {
  const wiki = await openWiki({ READ_ACCESS: 'ANONYMOUS' });
  await wiki.write('a', 'one\n');
  const secret = Buffer.from(`${'the secret is 42\n'.repeat(10)}`);
  await wiki.write('board/plan', secret.toString());
  await wiki.call('PUT', '/policy/rules/board', { read: ['group:board'] }, { 'if-match': '*' });
  const made = await wiki.call('POST', '/tokens', { name: 't', rights: ['read', 'write'], prefix: 'a' });
  const head = (await (await wiki.service.repository()).view()).head ?? '';
  const ask = async (base: string, password: string) => {
    const delta = createDelta(secret, Buffer.concat([secret, Buffer.from('!')])) as Buffer;
    const line = `${head} ${'1'.repeat(40)} refs/heads/main\0 report-status`;
    const answer = await wiki.service.app.handle({
      method: 'POST',
      path: '/.git/git-receive-pack',
      query: '',
      headers: { authorization: `Bearer ${password}` },
      body: Buffer.concat([Buffer.from(packet(line) + FLUSH), thinPack(base, delta)]),
    });
    return String(answer.body);
  };
  const [there, absent] = [hashObject('blob', secret), '2'.repeat(40)];
  expect(await ask(there, KEY)).not.toBe(await ask(absent, KEY));
  expect(await ask(there, made.body.token)).toBe(await ask(absent, made.body.token));
  expect(await ask(there, made.body.token)).toContain('not allowed (forbidden)');
});

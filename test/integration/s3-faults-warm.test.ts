import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { objectsOf } from '../support/s3-cli.ts';
import { bucketProcess, bucketWithWiki, ledgerKeyIn } from './s3-faults-support.ts';

describe('a warm process whose bucket is', () => {
  async function warm() {
    const setting = await bucketWithWiki();
    const process = bucketProcess(setting.variables);
    expect((await process.call('PUT', '/pages/Warm', { content: 'warm' })).status).toBe(201);
    return { ...setting, ...process };
  }

  it('emptied says that the wiki is lost, and writes nothing', async () => {
    const { send, call, failures } = await warm();
    for (const key of Object.keys(await objectsOf(send))) await send('DELETE', key);
    for (const [method, path, content] of [
      ['PUT', '/pages/New', { content: 'new' }],
      ['GET', '/pages/Home', undefined],
      ['PUT', '/pages/New', { content: 'new' }],
    ] as const) {
      const { status, body } = await call(method, path, content);
      expect([status, body.code]).toEqual([500, 'internal']);
      const told = failures().find(line => line.request === body.request_id);
      expect(told).toMatchObject({ level: 'error', code: 'object_lost' });
      expect(told?.message).toContain('nothing is written until it is restored');
    }
    expect(await objectsOf(send)).toEqual({});
  });

  it('emptied and holds another wiki of the name answers 410, and leaves that alone', async () => {
    const { send, call, variables } = await warm();
    for (const key of Object.keys(await objectsOf(send))) await send('DELETE', key);
    const anew = bucketProcess(variables);
    await anew.service.createWiki();
    expect((await anew.call('PUT', '/pages/Anew', { content: 'anew' })).status).toBe(201);
    const before = await objectsOf(send);
    for (const [method, path, content] of [
      ['PUT', '/pages/New', { content: 'new' }],
      ['GET', '/pages/Home', undefined],
    ] as const) {
      const { status, body } = await call(method, path, content);
      expect([status, body.code, body.error]).toEqual([
        410,
        'object_replaced',
        'This wiki was replaced by another one',
      ]);
    }
    expect(await objectsOf(send)).toEqual(before);
  });

  it('holding the ledger of another wiki answers 410, and leaves that alone', async () => {
    const { send, call } = await warm();
    const other = await bucketWithWiki();
    const { body } = await other.send('GET', await ledgerKeyIn(other.send));
    await send('PUT', await ledgerKeyIn(send), { body });
    const before = await objectsOf(send);
    const answer = await call('PUT', '/pages/New', { content: 'new' });
    expect([answer.status, answer.body.code]).toEqual([410, 'object_replaced']);
    expect(await objectsOf(send)).toEqual(before);
  });

  it('set back to an older ledger writes nothing onto it', async () => {
    const { send, call, failures } = await warm();
    const key = await ledgerKeyIn(send);
    const { body: older } = await send('GET', key);
    expect((await call('PUT', '/pages/New', { content: 'new' })).status).toBe(201);
    await send('PUT', key, { body: older });
    const before = await objectsOf(send);
    expect((await call('PUT', '/pages/Newer', { content: 'newer' })).status).toBe(500);
    expect(failures().at(-1)?.message).toMatch(/it went back to version 3 from 4; nothing is written/);
    expect(await objectsOf(send)).toEqual(before);
  });

  it('no longer to be written says so, and goes on when it is', async () => {
    const { server, call, failures } = await warm();
    server.switches.permissions = ({ action }) => action !== 's3:PutObject';
    expect((await call('PUT', '/pages/New', { content: 'new' })).status).toBe(500);
    expect(failures().at(-1)?.code).toBe('storage_denied');
    expect((await call('GET', '/pages/New')).status).toBe(404);
    server.switches.permissions = () => true;
    expect((await call('PUT', '/pages/New', { content: 'new' })).status).toBe(201);
  });

  it('out of reach for a while says so, and goes on afterwards', async () => {
    const { server, variables } = await bucketWithWiki();
    let skewMs = 0;
    const { call, failures } = bucketProcess(variables, { ...systemRuntime, now: () => Date.now() + skewMs });
    expect((await call('PUT', '/pages/Warm', { content: 'warm' })).status).toBe(201);
    skewMs = 3_600_000;
    expect((await call('PUT', '/pages/New', { content: 'new' })).status).toBe(500);
    expect(failures().at(-1)?.code).toBe('storage_clock_skewed');
    skewMs = 0;
    expect((await call('PUT', '/pages/New', { content: 'new' })).status).toBe(201);
    expect(server.requests.of('PutObject').at(-1)?.status).toBe(200);
  });
});

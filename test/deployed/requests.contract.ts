import { describe, expect, test } from 'vitest';
import { ROUTES } from '../../src/http/routes/table.ts';
import { noise, sha256 } from '../support/large-files.ts';
import { STEPS } from './route-steps.ts';
import type { DoorKind } from './support/assembly.ts';
import type { ApiClient } from './support/client.ts';
import { deploy } from './support/deployment.ts';
import { upload } from './support/presigned.ts';
import type { OpenPlace } from './support/s3-place.ts';

/** Requests as clients send them, through the front door. */
export function requestContract(open: OpenPlace): void {
  test('every route has a step', () => {
    expect(Object.keys(STEPS).sort()).toEqual(ROUTES.map(({ name }) => name).sort());
  });

  describe.each<DoorKind>(['functionUrl', 'httpApi'])('through %s', door => {
    test('every route answers as it does anywhere', async ctx => {
      const { api } = await deploy(ctx, open, { door, creation: 'command' });
      for (const [name, step] of Object.entries(STEPS)) {
        await step(api).catch((error: unknown) => {
          throw new Error(`${name}: ${error}`, { cause: error });
        });
      }
    });

    test('who has no key, or another, is refused and told what is asked for', async ctx => {
      const { api } = await deploy(ctx, open, { door });
      for (const authorization of ['', 'Bearer wrong', 'Basic eDp5']) {
        const { status, headers } = await api.call('GET', '/pages', undefined, { authorization });
        expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer/)]);
        expect(headers.get('server-timing')).toBeNull();
      }
      expect((await api.call('GET', '/nowhere')).status).toBe(404);
      const { status, headers } = await api.call('POST', '/pages/a');
      expect([status, headers.get('allow')]).toEqual([405, expect.stringContaining('PUT')]);
    });
  });
}

/** Files in and out; what goes past the function has `largeBytes`. */
export function largeFileContract(open: OpenPlace, largeBytes: number): void {
  describe.each<DoorKind>(['functionUrl', 'httpApi'])('files, through %s', door => {
    test('4 MB go up through the function, a large file past it into the bucket', async ctx => {
      const { api } = await deploy(ctx, open, { door });
      await api.write('Files', 'x');
      const bytes = noise(largeBytes);
      await sendThrough(api, '/pages/Files/attachments', 'small.bin', noise(4 << 20));
      const made = await (await upload(api, '/pages/Files/attachments', 'large.png', bytes))();
      expect([made.status, made.body.size]).toEqual([201, bytes.length]);
      const raw = await api.send('GET', '/pages/Files/attachments/large.png?download=raw');
      if (door === 'functionUrl') expect(sha256(new Uint8Array(await raw.arrayBuffer()))).toBe(sha256(bytes));
      else expect([raw.status, await raw.text()]).toEqual([422, expect.stringContaining('answer_too_large')]);
      const sent = await api.send('GET', '/pages/Files/attachments/large.png?download=presigned');
      expect(sent.status).toBe(307);
      const direct = await fetch(sent.headers.get('location') ?? '');
      expect(sha256(new Uint8Array(await direct.arrayBuffer()))).toBe(sha256(bytes));
    });
  });
}

async function sendThrough(api: ApiClient, list: string, filename: string, body: Buffer): Promise<void> {
  const made = await api.send('POST', `${list}?filename=${filename}`, { body: new Uint8Array(body) });
  expect([made.status, JSON.parse(await made.text())]).toMatchObject([201, { size: body.length }]);
  const raw = await api.send('GET', `${list}/${filename}?download=raw`);
  expect(sha256(new Uint8Array(await raw.arrayBuffer()))).toBe(sha256(body));
}

import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startCluster } from '../../scripts/ceph/cluster.ts';
import { type Daemon, killDaemon, pidOf } from '../../scripts/ceph/daemon.ts';
import { type CephForTest, cephForTest } from '../support/ceph.ts';
import type { S3Request } from '../support/s3-request.ts';
import { append, readList } from './raw-swaps.ts';

const ROUNDS = 2;

describe('nothing that Ceph acknowledged is lost, and nothing is there twice', () => {
  const victims: Record<string, Daemon[]> = {
    'the gateway': ['gateway'],
    'the disk': ['disk'],
    'all of it': ['gateway', 'disk', 'monitor'],
  };
  for (const [name, daemons] of Object.entries(victims)) {
    it(`when ${name} is killed amid writes and started again`, { timeout: 300_000 }, async ctx => {
      const ceph = cephForTest(ctx);
      const writers = await startWriters(ceph);
      for (let round = 0; round < ROUNDS; round += 1) {
        await writers.haveAdded(20);
        await wait(30 * Math.random());
        await killAndStart(ceph.folder, daemons);
      }
      await writers.haveAdded(20);
      const { swapped, created } = await writers.stop();
      const words = (await readList(ceph.request, writers.list))?.words ?? [];
      expect(words).toHaveLength(new Set(words).size);
      expect(new Set(words)).toEqual(new Set(['start', ...swapped]));
      for (const writer of ['a', 'b', 'c', 'd'])
        expect(words.filter(word => word.startsWith(writer))).toEqual(
          swapped.filter(word => word.startsWith(writer)),
        );
      const replies = await Promise.all(created.map(path => ceph.request('GET', path)));
      expect(replies.map(reply => reply.body.toString())).toEqual(created.map(path => path.repeat(100)));
    });
  }
});

/** What was killed runs afterwards as another process. */
async function killAndStart(folder: string, daemons: readonly Daemon[]): Promise<void> {
  const before = daemons.map(daemon => pidOf(folder, daemon));
  try {
    await Promise.all(daemons.map(daemon => killDaemon(folder, daemon)));
  } finally {
    const { pids } = await startCluster(folder);
    for (const daemon of daemons) expect(before).not.toContain(pids[daemon]);
  }
}

/** Four writers that swap one list, and one that creates objects; all go on whatever happens until they are stopped. */
async function startWriters({ request, createBucket }: CephForTest) {
  const bucket = `/${await createBucket()}`;
  const list = `${bucket}/list`;
  expect((await request('PUT', list, { body: 'start' })).status).toBe(200);
  const swapped: string[] = [];
  const created: string[] = [];
  let stopped = false;

  async function swap(writer: string): Promise<void> {
    for (let index = 0; !stopped; index += 1) {
      await append(request, list, `${writer}.${index}`);
      swapped.push(`${writer}.${index}`);
    }
  }

  async function create(): Promise<void> {
    for (let index = 0; !stopped; index += 1) {
      const path = `${bucket}/object-${index}`;
      await createObject(request, path);
      created.push(path);
      await wait(20);
    }
  }

  const ended = Promise.all([...['a', 'b', 'c', 'd'].map(swap), create()]);
  return {
    list,
    async haveAdded(count: number): Promise<void> {
      const [wanted, wantedToo] = [swapped.length + count, created.length + count];
      while (swapped.length < wanted || created.length < wantedToo) await Promise.race([wait(5), ended]);
    },
    async stop() {
      stopped = true;
      await ended;
      return { swapped, created };
    },
  };
}

/** Until it is acknowledged. */
async function createObject(request: S3Request, path: string): Promise<void> {
  for (;;) {
    const reply = await request('PUT', path, { body: path.repeat(100) }).catch(() => undefined);
    if (reply?.status === 200) return;
    await wait(20);
  }
}

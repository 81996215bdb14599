import { describe, expect, it, vi } from 'vitest';
import { startBackground } from '../../src/cli/background.ts';
import { createLogger } from '../../src/core/log.ts';
import { type Runtime, systemRuntime } from '../../src/core/runtime.ts';
import { type LedgerRepository, openRepository } from '../../src/git/open.ts';
import { collectGarbage } from '../../src/git/upkeep/gc.ts';
import { mergeRun } from '../../src/git/upkeep/merge.ts';
import { s3Store } from '../storage/s3-support.ts';
import { commitFiles, newRepository } from '../support/repository.ts';
import { variablesOf } from '../support/s3-cli.ts';
import type { S3Server } from '../support/s3-server/server.ts';
import { rawServer } from '../support/s3-server.ts';
import { bucketProcess } from './s3-faults-support.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

interface Bucket {
  server: S3Server;
  runtime: Runtime;
  repository: LedgerRepository;
  /** The wiki as another process sees it. */
  another(): LedgerRepository;
  /** Lets time pass, here and at the server. What was written stays as old as it is. */
  pass(ms: number): void;
  /** Kinds of the files of packs, `pack` and so on, by name. */
  files(): Promise<Map<string, string[]>>;
  /** Begins an upload in parts. */
  begin(key: string): Promise<unknown>;
  /** How many uploads in parts are begun and not finished. */
  uploads(): Promise<number>;
}

async function bucket(): Promise<Bucket> {
  let passedMs = 0;
  const now = () => Date.now() + passedMs;
  const runtime = { ...systemRuntime, now };
  const { server, send } = await rawServer({ now });
  const store = () => s3Store(server, { runtime });
  const repository = await newRepository({ store: store(), runtime, flush: null });
  const { uuid } = repository;
  return {
    ...{ server, runtime, repository },
    another: () => openRepository({ store: store(), uuid, runtime, flush: null }),
    pass: ms => {
      passedMs += ms;
    },
    async files() {
      const { objects } = await repository.store.list(`packs/${uuid}/`);
      const parts = objects.map(({ key }) => key.split('/')[2]?.split('.') ?? []);
      const groups = Map.groupBy(parts, ([name = '']) => name);
      return new Map([...groups].map(([name, kinds]) => [name, kinds.map(([, kind = '']) => kind)]));
    },
    begin: key => send('POST', key, { query: { uploads: '' }, signedMs: now() }),
    async uploads() {
      const query = { uploads: '' };
      const { status, text } = await send('GET', '', { path: '/wikis', query, signedMs: now() });
      expect(status).toBe(200);
      return text.split('<UploadId>').length - 1;
    },
  };
}

async function commitPacks(repository: LedgerRepository, ...names: string[]): Promise<void> {
  for (const name of names) {
    await commitFiles(repository, { [name]: name.repeat(2000) });
    await repository.flusher.flush();
  }
}

async function mergeAll(repository: LedgerRepository): Promise<string[]> {
  const ledger = await repository.ledger(0);
  return (await mergeRun(repository, ledger, ledger.packs)) ?? [];
}

describe('upkeep in a bucket', () => {
  it('deletes merged packs, and none before its slow readers are done', async () => {
    const { repository, another, pass, files } = await bucket();
    await commitPacks(repository, 'a', 'b', 'c');
    const readers = await Promise.all([0, 1, 2].map(() => another().view({ maxAgeMs: 0 })));
    const slow = async () => {
      const view = readers.pop();
      const oid = (await view?.file('a'))?.oid ?? '';
      return (await view?.blob(oid))?.toString();
    };
    const merged = await mergeAll(repository);
    expect(await collectGarbage(another())).toMatchObject({ deleted: [] });
    expect(await slow()).toBe('a'.repeat(2000));
    pass(14 * MINUTE_MS);
    const { deleted, waiting } = await collectGarbage(another());
    expect([deleted, waiting.toSorted()]).toEqual([[], merged.toSorted()]);
    expect(await slow()).toBe('a'.repeat(2000));
    pass(2 * MINUTE_MS);
    expect((await collectGarbage(another())).deleted.toSorted()).toEqual(merged.toSorted());
    expect([...(await files()).values()]).toEqual([['idx', 'map', 'pack']]);
    // Who reads for longer than that must look again.
    await expect(slow()).rejects.toMatchObject({ code: 'pack_missing' });
    const view = await another().view();
    expect((await view.files('')).map(({ path }) => path)).toEqual(['a', 'b', 'c']);
  });

  it('leaves a request that is slower than any grace its answer', async () => {
    const { server, repository, another } = await bucket();
    await commitFiles(repository, { 'home.md': 'a'.repeat(2000) });
    await repository.flusher.flush();
    await commitPacks(repository, 'b');
    const { call } = bucketProcess({ ...variablesOf(server), KITTIWAKE_WIKI: repository.uuid });
    let collected: Promise<unknown> | undefined;
    server.switches.faults = ({ method, path }) => {
      if (collected !== undefined || method !== 'GET' || !path.includes('/packs/')) return undefined;
      // While this request is held up, everything that it was going to read is merged and deleted.
      collected = mergeAll(another()).then(() =>
        collectGarbage(another(), { orphanGraceMs: 0, readerGraceMs: 0 }),
      );
      return { kind: 'delay', ms: 1500 };
    };
    const { status, body } = await call('GET', '/pages/Home');
    expect(await collected).toMatchObject({ deleted: [expect.any(String), expect.any(String)] });
    expect([status, body.content]).toEqual([200, 'a'.repeat(2000)]);
  });

  it('deletes what a writer left behind an hour ago, and nothing that one is about to list', async () => {
    const { repository, another, pass, files } = await bucket();
    await commitPacks(repository, 'a');
    const { store, uuid } = repository;
    const orphan = `packs/${uuid}/pack-orphan.pack`;
    await store.put(orphan, [Buffer.from('PACK')], { immutable: true });
    expect((await collectGarbage(another())).condemned).toEqual([]);
    pass(HOUR_MS + 1000);
    expect((await collectGarbage(another())).condemned).toEqual(['pack-orphan']);
    expect((await files()).get('pack-orphan')).toEqual(['pack']);
    pass(16 * MINUTE_MS);
    expect((await collectGarbage(another())).deleted).toEqual(['pack-orphan']);
    expect((await files()).get('pack-orphan')).toBeUndefined();
    expect((await another().view()).head).toBeDefined();
  });

  it('aborts uploads in parts that were never finished, and none that is under way', async () => {
    const { repository, another, pass, begin, uploads } = await bucket();
    await begin(`some/wiki/packs/${repository.uuid}/pack-big.pack`);
    await begin('another/wiki/file');
    expect((await collectGarbage(another())).swept.unfinished).toBe(0);
    expect(await uploads()).toBe(2);
    pass(26 * HOUR_MS);
    expect((await collectGarbage(another())).swept.unfinished).toBe(1);
    expect(await uploads()).toBe(1);
  });

  it('waits in a server, too, for those who read for minutes', async () => {
    const { server, repository, another, pass, runtime } = await bucket();
    await commitPacks(repository, 'a', 'b', 'c', 'd', 'e');
    const view = await another().view({ maxAgeMs: 0 });
    const { service } = bucketProcess({ ...variablesOf(server), KITTIWAKE_WIKI: repository.uuid }, runtime);
    const log = createLogger({ level: 'silent', write: () => {}, now: Date.now });
    const background = startBackground(service, { runtime, log, mergeEveryMs: 20, collectEveryMs: 20 });
    const patience = { timeout: 15_000, interval: 50 };
    const condemned = async () => (await repository.ledger(0)).condemned.length;
    const collected = async () => {
      const { length } = server.requests.of('ListMultipartUploads');
      await vi.waitFor(() => {
        expect(server.requests.of('ListMultipartUploads').length).toBeGreaterThan(length + 1);
      }, patience);
    };
    try {
      await vi.waitFor(async () => expect(await condemned()).toBeGreaterThan(0), patience);
      pass(10 * MINUTE_MS);
      await collected();
      const oid = (await view.file('a'))?.oid ?? '';
      expect((await view.blob(oid)).toString()).toBe('a'.repeat(2000));
      pass(6 * MINUTE_MS);
      await vi.waitFor(async () => expect(await condemned()).toBe(0), patience);
    } finally {
      await background.stop();
    }
  });

  it('goes on by itself in a server', async () => {
    const { server, repository, pass, runtime, files, begin, uploads } = await bucket();
    const { store, uuid } = repository;
    await store.put(`packs/${uuid}/pack-orphan.pack`, [Buffer.from('PACK')], { immutable: true });
    await begin(`some/wiki/packs/${uuid}/pack-big.pack`);
    pass(26 * HOUR_MS);
    const { service } = bucketProcess({ ...variablesOf(server), KITTIWAKE_WIKI: uuid }, runtime);
    const lines: string[] = [];
    const log = createLogger({ write: line => lines.push(line), now: Date.now });
    const background = startBackground(service, {
      ...{ runtime, log, collect: { readerGraceMs: 0 } },
      ...{ mergeEveryMs: 20, collectEveryMs: 20 },
    });
    const patience = { timeout: 15_000, interval: 50 };
    try {
      await vi.waitFor(async () => {
        expect((await files()).get('pack-orphan')).toBeUndefined();
        expect(await uploads()).toBe(0);
      }, patience);
      await commitPacks(repository, 'a', 'b', 'c', 'd', 'e');
      // What comes while some are merged may not be worth another merge.
      await vi.waitFor(async () => expect((await files()).size).toBeLessThan(5), patience);
    } finally {
      await background.stop();
    }
    expect(lines).toEqual([]);
    const view = await repository.view({ maxAgeMs: 0 });
    expect((await view.files('')).map(({ path }) => path)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

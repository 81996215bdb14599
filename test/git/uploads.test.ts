import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { uploadsPrefix } from '../../src/git/large/upload-id.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { collectGarbage } from '../../src/git/upkeep/gc.ts';
import { createMemoryByteStore } from '../../src/storage/memory.ts';
import {
  allOf,
  commitStreamed,
  noise,
  packFiles,
  sha256,
  unwatched,
  uploadAs,
} from '../support/large-files.ts';
import { newRepository } from '../support/repository.ts';

const DAY_MS = 86_400_000;

/** A wiki whose time the test sets. */
async function timed(): Promise<{ repository: LedgerRepository; pass(ms: number): void }> {
  let lateMs = 0;
  const runtime = { ...systemRuntime, now: () => Date.now() + lateMs };
  const store = createMemoryByteStore({ runtime });
  const repository = await newRepository({ runtime, store, flush: null });
  return {
    repository,
    pass(ms) {
      lateMs += ms;
    },
  };
}

async function take(repository: LedgerRepository, id: string) {
  return (await repository.largeFiles()).takeUpload(id, unwatched);
}

describe('an upload', () => {
  const bytes = noise(9 << 20);

  it('becomes a blob when it is what was promised, as often as it is taken', async () => {
    const repository = await newRepository({ flush: null });
    const id = await uploadAs(repository, bytes);
    const [first, again] = [await take(repository, id), await take(repository, id)];
    expect(again.oid).toBe(first.oid);
    await commitStreamed(repository, 'a.bin', first);
    await commitStreamed(repository, 'b.bin', again);
    const view = await repository.view();
    expect((await allOf((await view.openBlob(first.oid)).chunks)).equals(bytes)).toBe(true);
    expect(await view.file('b.bin')).toMatchObject({ oid: first.oid, size: bytes.length });
  });

  it.each([
    ['of another size', { size: (9 << 20) + 1 }],
    ['of other bytes', { sha256: sha256(Buffer.from('other')) }],
  ])('%s is refused, and nothing of it is stored', async (_, promise) => {
    const repository = await newRepository({ flush: null });
    const id = await uploadAs(repository, bytes, promise);
    await expect(take(repository, id)).rejects.toMatchObject({ code: 'upload_differs' });
    expect(await packFiles(repository)).toEqual([]);
  });

  it('of no bytes is checked too', async () => {
    const repository = await newRepository({ flush: null });
    const empty = Buffer.alloc(0);
    expect(await take(repository, await uploadAs(repository, empty))).toMatchObject({ size: 0 });
    const wrong = await uploadAs(repository, empty, { sha256: sha256(bytes) });
    await expect(take(repository, wrong)).rejects.toMatchObject({ code: 'upload_differs' });
  });

  it('that was never sent is not found', async () => {
    const repository = await newRepository({ flush: null });
    const id = await uploadAs(repository, bytes);
    await repository.store.delete([uploadsPrefix(repository.uuid) + id]);
    await expect(take(repository, id)).rejects.toMatchObject({ code: 'upload_not_found' });
  });

  it('into one wiki cannot be taken by another in the same store', async () => {
    const { repository } = await timed();
    const other = await newRepository({ store: repository.store, flush: null });
    const id = await uploadAs(repository, bytes);
    await expect(take(other, id)).rejects.toMatchObject({ code: 'upload_not_found' });
  });

  it('cannot be taken under an id that promises less', async () => {
    const repository = await newRepository({ flush: null });
    const id = await uploadAs(repository, bytes);
    const forged = id.replace(/-\d+-/, '-1-');
    await expect(take(repository, forged)).rejects.toMatchObject({ code: 'upload_not_found' });
  });

  it.each([
    '',
    'presigned',
    '..',
    '../../ledger/x',
    `../${'a'.repeat(32)}`,
    `00000000-${'a'.repeat(32)}-1-${'b'.repeat(64)}/../../ledger`,
    `00000000-${'a'.repeat(32)}-1-${'B'.repeat(64)}`,
    'x'.repeat(5000),
  ])('has an id that names nothing else: %j', async id => {
    const repository = await newRepository({ flush: null });
    await expect(take(repository, id)).rejects.toMatchObject({ code: 'upload_invalid' });
  });

  it('can be taken for a day, and is then swept away', async () => {
    const { repository, pass } = await timed();
    const id = await uploadAs(repository, noise(1000));
    pass(DAY_MS - 60_000);
    await take(repository, id);
    expect((await collectGarbage(repository)).swept).toMatchObject({ uploads: 0 });
    pass(120_000);
    await expect(take(repository, id)).rejects.toMatchObject({ code: 'upload_expired' });
    expect((await collectGarbage(repository)).swept).toMatchObject({ uploads: 0 });
    pass(3_600_000);
    expect((await collectGarbage(repository)).swept).toMatchObject({ uploads: 1 });
    expect((await repository.store.list('uploads/')).objects).toEqual([]);
  });

  it('is taken again when a collection deleted its pack before the commit', async () => {
    const repository = await newRepository({ flush: null });
    const content = noise(200_000);
    const streamed = await take(repository, await uploadAs(repository, content));
    await collectGarbage(repository, { orphanGraceMs: -1, readerGraceMs: 0 });
    expect(await packFiles(repository)).toEqual([]);
    await commitStreamed(repository, 'a.bin', streamed);
    const view = await repository.view();
    expect((await allOf((await view.openBlob(streamed.oid)).chunks)).equals(content)).toBe(true);
  });

  it('is left alone when whoever waits for it gives up', async () => {
    const repository = await newRepository({ flush: null });
    const id = await uploadAs(repository, bytes);
    let parts = 0;
    const watch = async () => {
      parts += 1;
      if (parts > 2) throw new Error('too late');
    };
    const large = await repository.largeFiles();
    await expect(large.takeUpload(id, watch)).rejects.toThrow('too late');
    expect(await packFiles(repository)).toEqual([]);
  });
});

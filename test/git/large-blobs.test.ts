import { describe, expect, it } from 'vitest';
import { hashObject } from '../../src/git/object/object-codec.ts';
import { type LedgerRepository, openRepository } from '../../src/git/open.ts';
import { collectGarbage } from '../../src/git/upkeep/gc.ts';
import { temporaryFolder } from '../support/git-command.ts';
import { allOf, commitStreamed, noise, packFiles, pieces, storeStream } from '../support/large-files.ts';
import { nativeGit } from '../support/native-git.ts';
import { needs } from '../support/needs.ts';
import { commitFiles, exportTo, newRepository } from '../support/repository.ts';

/** As another process sees it, with nothing in its caches. */
function reopened({ store, uuid, runtime }: LedgerRepository): LedgerRepository {
  return openRepository({ store, uuid, runtime, flush: null });
}

async function contentAt(repository: LedgerRepository, path: string): Promise<Buffer> {
  const view = await repository.view({ maxAgeMs: 0 });
  const { size, chunks } = await view.openBlob((await view.file(path))?.oid ?? '');
  const bytes = await allOf(chunks);
  expect(bytes.length).toBe(size);
  return bytes;
}

const CONTENTS = {
  nothing: Buffer.alloc(0),
  'one byte': Buffer.from('x'),
  text: Buffer.from('All work and no play makes Jack a dull boy.\n'.repeat(30_000)),
  'what does not shrink': noise(3 << 20),
  'more than is read at once': Buffer.alloc(9 << 20, noise(70_000)),
};

describe('a blob that was stored as a stream', () => {
  it.each(Object.entries(CONTENTS))('is what was given: %s', async (_, bytes) => {
    const repository = await newRepository({ flush: null });
    const streamed = await storeStream(repository, bytes);
    expect(streamed.oid).toBe(hashObject('blob', bytes));
    await commitStreamed(repository, 'a/big.bin', streamed);
    expect((await contentAt(reopened(repository), 'a/big.bin')).equals(bytes)).toBe(true);
    await repository.flusher.flush();
    expect((await contentAt(reopened(repository), 'a/big.bin')).equals(bytes)).toBe(true);
    const view = await reopened(repository).view();
    expect((await view.blob(streamed.oid)).equals(bytes)).toBe(true);
    expect(await view.file('a/big.bin')).toMatchObject({ size: bytes.length });
  });

  it('is taken by native git', async ctx => {
    needs(ctx, 'git');
    const repository = await newRepository({ flush: null });
    for (const [index, bytes] of Object.values(CONTENTS).entries())
      await commitStreamed(repository, `${index}.bin`, await storeStream(repository, bytes));
    const folder = temporaryFolder();
    for (const flushed of [false, true]) {
      if (flushed) await repository.flusher.flush();
      await exportTo(repository, `${folder}/${flushed}.git`);
      expect(nativeGit(`${folder}/${flushed}.git`, 'fsck', '--full', '--strict')).toBe('');
    }
    nativeGit(folder, 'clone', '-q', 'true.git', 'clone');
    expect(nativeGit(`${folder}/clone`, 'hash-object', '3.bin').trim()).toBe(
      hashObject('blob', CONTENTS['what does not shrink']),
    );
  });

  it('is not deflated where that would be in vain, and is where it helps', async () => {
    const repository = await newRepository({ flush: null });
    const packed = await storeStream(repository, CONTENTS['what does not shrink']);
    expect(packed.stored.packBytes).toBeGreaterThan(3 << 20);
    expect(packed.stored.packBytes).toBeLessThan((3 << 20) + 4096);
    const text = await storeStream(repository, CONTENTS.text);
    expect(text.stored.packBytes).toBeLessThan(CONTENTS.text.length / 20);
  });

  it.each([
    ['shorter', 999],
    ['longer', 1001],
  ])('is refused when it is %s than was said, and leaves nothing', async (_, count) => {
    const repository = await newRepository({ flush: null });
    const content = pieces(noise(count), 100);
    await expect(storeStream(repository, Buffer.alloc(1000), content)).rejects.toMatchObject({
      code: 'upload_differs',
    });
    expect(await packFiles(repository)).toEqual([]);
  });

  it('is not stored when its source fails, whose error comes out', async () => {
    const repository = await newRepository({ flush: null });
    async function* failing() {
      yield noise(500_000);
      throw new Error('the line went dead');
    }
    await expect(storeStream(repository, noise(1_000_000), failing())).rejects.toThrow('the line went dead');
    expect(await packFiles(repository)).toEqual([]);
  });

  it('is not read by anything that only needs to know of it', async () => {
    const bytes = noise(1 << 20);
    const asked = new Set<string>();
    const repository = await newRepository({
      flush: null,
      describe: (path, content) => {
        asked.add(path);
        return { facts: content.length, targets: [] };
      },
    });
    await commitFiles(repository, { 'home.md': 'x' });
    const streamed = await storeStream(repository, bytes);
    await commitStreamed(repository, 'home/big.bin', streamed);
    await repository.flusher.flush();
    const view = await repository.view();
    expect((await view.described()).map(each => each.path)).toEqual(['home.md']);
    expect([...asked]).toEqual(['home.md']);
    expect(repository.packs.kept(streamed.oid)).toBeUndefined();
  });
});

describe('a blob that a collection met before it was committed', () => {
  async function collected(repository: LedgerRepository) {
    return collectGarbage(repository, { orphanGraceMs: -1, readerGraceMs: 0 });
  }

  it('is refused when its pack was deleted, and its source is gone', async () => {
    const repository = await newRepository({ flush: null });
    const streamed = await storeStream(repository, noise(100_000));
    expect((await collected(repository)).deleted).toEqual([streamed.stored.place.pack]);
    await expect(commitStreamed(repository, 'big.bin', streamed)).rejects.toMatchObject({
      code: 'packs_collected',
    });
    expect((await repository.view()).head).toBeUndefined();
  });

  it('is committed where it lies when the collection took others', async () => {
    const repository = await newRepository({ flush: null });
    await storeStream(repository, noise(1000));
    const before = await collectGarbage(repository, { orphanGraceMs: -1 });
    expect(before.condemned).toHaveLength(1);
    const bytes = noise(100_000, 7);
    const streamed = await storeStream(repository, bytes);
    const { deleted } = await collectGarbage(repository, { orphanGraceMs: 3_600_000, readerGraceMs: 0 });
    expect(deleted).toEqual(before.condemned);
    await commitStreamed(repository, 'big.bin', streamed);
    expect(await packFiles(repository)).toEqual(
      ['idx', 'pack'].map(end => `packs/${repository.uuid}/${streamed.stored.place.pack}.${end}`),
    );
    expect((await contentAt(repository, 'big.bin')).equals(bytes)).toBe(true);
  });
});

describe('a damaged large blob', () => {
  it.each([
    ['a changed byte', (bytes: Buffer) => bytes.writeUInt8((bytes[40_000] ?? 0) ^ 1, 40_000)],
    ['a cut end', (bytes: Buffer) => bytes.fill(0, 90_000)],
  ])('breaks off before its last bytes: %s', async (_, damage) => {
    const repository = await newRepository({ flush: null });
    const bytes = noise(100_000);
    const { oid, stored } = await storeStream(repository, bytes);
    const key = `packs/${repository.uuid}/${stored.place.pack}.pack`;
    await commitStreamed(repository, 'big.bin', { ...(await storeStream(repository, bytes)), oid, stored });
    const got = await repository.store.get(key);
    if (got.kind !== 'found') throw new Error('The pack is not there');
    damage(got.bytes);
    await repository.store.delete([key]);
    await repository.store.put(key, [got.bytes], { immutable: true });
    const { chunks } = await (await repository.view()).openBlob(oid);
    let length = 0;
    const reading = (async () => {
      for await (const chunk of chunks) length += chunk.length;
    })();
    await expect(reading).rejects.toMatchObject({ code: expect.stringMatching(/^(object|pack)_corrupt$/) });
    expect(length).toBeLessThan(bytes.length);
  });
});

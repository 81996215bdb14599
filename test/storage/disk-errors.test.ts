import { chmodSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createDiskByteStore, type DiskByteStore } from '../../src/storage/disk.ts';
import { bytesOf, textOf, versionOf } from '../contract/byte-store-values.ts';
import { remount, smallFileSystem } from './small-file-system.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { WriterProcess } from './writer-process.ts';

const key = 'ledger/wiki';

async function filled(folder: string): Promise<DiskByteStore> {
  const store = createDiskByteStore({ folder });
  await store.put(key, [bytesOf('ledger')], { ifAbsent: true });
  await store.put('packs/a.pack', [bytesOf('pack')], { immutable: true });
  return store;
}

async function currentVersion(store: DiskByteStore): Promise<string> {
  const outcome = await store.get(key);
  if (outcome.kind !== 'found') throw new Error(outcome.kind);
  return outcome.version;
}

describe('a disk that is full', () => {
  test('the write fails, names the file, and everything stored stays', async context => {
    const folder = smallFileSystem(context);
    const store = await filled(folder);
    const version = await currentVersion(store);
    const part = Buffer.alloc(100_000, 'x');
    const full = { code: 'storage_full', data: { errno: 'ENOSPC' } };
    let packs = 0;
    const fill = async () => {
      for (; packs < 100; packs += 1) await store.put(`packs/${packs}.pack`, [part], { immutable: true });
    };
    await expect(fill()).rejects.toMatchObject(full);
    await expect(fill()).rejects.toThrow(`"${folder}/packs/${packs}.pack`);
    await expect(store.put(key, [part], { ifMatch: version })).rejects.toMatchObject(full);
    await expect(store.put('ledger/b', [part], { ifAbsent: true })).rejects.toMatchObject(full);
    const large = Buffer.alloc(3_000_000);
    await expect(store.put('packs/large', [large], { immutable: true })).rejects.toMatchObject(full);

    expect(await store.get(key)).toMatchObject({ bytes: bytesOf('ledger'), version });
    expect((await store.list('')).objects).toHaveLength(packs + 2);
    expect(readdirSync(join(folder, '~tmp'))).toEqual([]);
    await store.delete(['packs/0.pack']);
    expect(await store.put(key, [part], { ifMatch: version })).toMatchObject({ kind: 'stored' });
  });

  test('a file system that became read-only still reads, and refuses clearly', async context => {
    const folder = smallFileSystem(context);
    const store = await filled(folder);
    remount(folder, 'ro');
    const denied = { code: 'storage_denied', data: { errno: 'EROFS' } };
    await expect(
      store.put(key, [bytesOf('x')], { ifMatch: await currentVersion(store) }),
    ).rejects.toMatchObject(denied);
    await expect(store.put('packs/b', [bytesOf('x')], { immutable: true })).rejects.toMatchObject(denied);
    await expect(store.delete(['packs/a.pack'])).rejects.toMatchObject(denied);
    expect(await textOf(store, key)).toBe('ledger');
    remount(folder, 'rw');
    expect(await store.put(key, [bytesOf('x')], { ifMatch: await currentVersion(store) })).toMatchObject({
      kind: 'stored',
    });
  });
});

describe('a folder without permission', () => {
  const isRoot = process.getuid?.() === 0;

  test('every call fails as denied, names the file, and changes nothing', async () => {
    const folder = temporaryFolder();
    const store = await filled(folder);
    const before = await store.list('');
    chmodSync(join(folder, 'ledger', 'wiki~'), 0);
    chmodSync(join(folder, 'packs'), 0o500);
    chmodSync(join(folder, '~tmp'), 0o500);
    chmodSync(folder, 0o555);
    const writer = new WriterProcess({ kind: 'probe', folder, key }, isRoot ? { uid: 65534 } : {});
    const errors = await writer.ended();
    chmodSync(folder, 0o755);
    for (const path of ['ledger/wiki~', 'packs', '~tmp']) chmodSync(join(folder, path), 0o755);

    expect(errors).toHaveLength(5);
    for (const error of errors) {
      expect(error).toMatchObject({
        code: 'storage_denied',
        message: expect.stringContaining(`"${folder}/`),
      });
      expect(error).toMatchObject({ message: expect.stringMatching(/^(Reading|Writing|Listing|Deleting) /) });
    }
    expect(await store.list('')).toEqual(before);
    expect(await textOf(store, key)).toBe('ledger');
  });
});

describe('a name of the wrong kind', () => {
  const clash = { code: 'storage_key_clash' };

  test('an immutable object does not replace a mutable one, nor the reverse', async () => {
    const store = await filled(temporaryFolder());
    await expect(store.put(key, [bytesOf('x')], { immutable: true })).rejects.toMatchObject(clash);
    await expect(store.put('packs/a.pack', [bytesOf('x')], { ifAbsent: true })).rejects.toMatchObject(clash);
    expect(await textOf(store, key)).toBe('ledger');
    expect(await textOf(store, 'packs/a.pack')).toBe('pack');
  });

  test('an object does not take the place of a folder, nor the reverse', async () => {
    const store = await filled(temporaryFolder());
    await expect(store.put('packs', [bytesOf('x')], { immutable: true })).rejects.toMatchObject(clash);
    for (const condition of [{ immutable: true }, { ifAbsent: true }] as const) {
      await expect(store.put('packs/a.pack/b', [bytesOf('x')], condition)).rejects.toMatchObject(clash);
      await expect(store.put('packs/a.pack/b/c', [bytesOf('x')], condition)).rejects.toMatchObject(clash);
    }
    expect((await store.list('')).objects.map(object => object.key)).toEqual([key, 'packs/a.pack']);
  });

  test('an immutable object never changes its size', async () => {
    const store = await filled(temporaryFolder());
    await expect(store.put('packs/a.pack', [bytesOf('longer')], { immutable: true })).rejects.toMatchObject(
      clash,
    );
    expect(await textOf(store, 'packs/a.pack')).toBe('pack');
  });
});

describe('an error in the middle of a put', () => {
  const kinds = {
    swap: (store: DiskByteStore, version: string) => store.put(key, [bytesOf('new')], { ifMatch: version }),
    creation: (store: DiskByteStore) => store.put('ledger/new', [bytesOf('new')], { ifAbsent: true }),
    immutable: (store: DiskByteStore) => store.put('packs/new', [bytesOf('new')], { immutable: true }),
  };

  async function putFailingAt(kind: keyof typeof kinds, failAt: number) {
    const folder = temporaryFolder();
    const version = await currentVersion(await filled(folder));
    const steps: string[] = [];
    const onStep = (name: string): void => {
      steps.push(name);
      if (steps.length === failAt + 1)
        throw Object.assign(new Error('broken'), { code: 'EIO', syscall: 'test' });
    };
    const store = createDiskByteStore({ folder, onStep });
    const outcome = await kinds[kind](store, version).catch((error: unknown) => error);
    return { folder, steps, outcome, store: createDiskByteStore({ folder }) };
  }

  test.each(['swap', 'creation', 'immutable'] as const)(
    '%s: what is thrown changed nothing, what may have is unknown',
    async kind => {
      const written = { swap: key, creation: 'ledger/new', immutable: 'packs/new' }[kind];
      const { steps } = await putFailingAt(kind, 99);
      for (const index of steps.keys()) {
        const { outcome, store, folder } = await putFailingAt(kind, index);
        const isNew = (await textOf(store, written)) === 'new';
        const label = `${steps[index]}: ${JSON.stringify(outcome)}`;
        if (outcome instanceof Error) {
          expect(outcome, label).toMatchObject({ code: 'storage_failed', cause: { code: 'EIO' } });
          expect(isNew, label).toBe(false);
          expect(readdirSync(join(folder, '~tmp')), label).toEqual([]);
        } else {
          expect(outcome, label).toMatchObject({ kind: expect.stringMatching(/stored|unknown/) });
          expect(isNew, label).toBe(true);
        }
        const next = await store.put(key, [bytesOf('next')], { ifMatch: await currentVersion(store) });
        expect(next, label).toMatchObject({ kind: 'stored' });
      }
    },
  );

  test('a folder that cannot be synced after the link leaves the outcome unknown', async () => {
    const folder = temporaryFolder();
    const version = await currentVersion(await filled(folder));
    const hide = (name: string): void => {
      if (name === 'sync folder') renameSync(join(folder, 'ledger'), join(folder, 'hidden'));
    };
    const store = createDiskByteStore({ folder, onStep: hide });
    const outcome = await store.put(key, [bytesOf('new')], { ifMatch: version });
    expect(outcome).toMatchObject({ kind: 'unknown', cause: { cause: { code: 'ENOENT' } } });
    renameSync(join(folder, 'hidden'), join(folder, 'ledger'));
    expect(await textOf(store, key)).toBe('new');
  });
});

describe('what does not belong into the folder', () => {
  test('files of others and of crashed writers are neither listed nor read', async () => {
    const folder = temporaryFolder();
    const store = await filled(folder);
    writeFileSync(join(folder, '~tmp', 'left'), 'x');
    writeFileSync(join(folder, 'with space'), 'x');
    writeFileSync(join(folder, 'ledger', 'wiki~', '.DS_Store'), 'x');
    expect((await store.list('')).objects.map(object => object.key)).toEqual([key, 'packs/a.pack']);
    expect(await textOf(store, key)).toBe('ledger');
  });

  test('a sweep removes what nobody touched for the given time', async () => {
    const folder = temporaryFolder();
    const store = await filled(folder);
    const later = createDiskByteStore({
      folder,
      runtime: {
        now: () => Date.now() + 3_600_000,
        sleep: async () => {},
        turn: async () => {},
        random: () => 0,
        randomBytes: Buffer.alloc,
      },
    });
    writeFileSync(join(folder, '~tmp', 'file'), 'x');
    mkdirSync(join(folder, '~tmp', 'folder', 'deep'), { recursive: true });
    expect(await store.sweep(60_000)).toBe(0);
    expect(await later.sweep(7_200_000)).toBe(0);
    expect(await later.sweep(60_000)).toBe(2);
    expect(readdirSync(join(folder, '~tmp'))).toEqual([]);
    expect((await store.list('')).objects).toHaveLength(2);
  });

  test('a mutable object whose versions are missing is damaged, not absent', async () => {
    const folder = temporaryFolder();
    const store = await filled(folder);
    mkdirSync(join(folder, 'ledger', 'empty~'));
    await expect(store.get('ledger/empty')).rejects.toMatchObject({ code: 'storage_failed' });
    await expect(store.get('ledger/empty')).rejects.toThrow('holds no version');
  });
});

describe('the folder itself', () => {
  test('nothing is made before the first write', async () => {
    const folder = join(temporaryFolder(), 'data', 'wiki');
    const store = createDiskByteStore({ folder });
    expect(await store.get(key)).toEqual({ kind: 'absent' });
    expect(await store.list('')).toEqual({ objects: [], more: false });
    await store.delete([key]);
    expect(await store.sweep(0)).toBe(0);
    expect(() => readdirSync(folder)).toThrow('ENOENT');
    versionOf(await store.put(key, [bytesOf('x')], { ifAbsent: true }));
    expect(store.location).toBe(`file:${folder}`);
    expect(readdirSync(folder).sort()).toEqual(['ledger', '~tmp']);
  });

  test('a mutable object keeps four versions', async () => {
    const folder = temporaryFolder();
    const store = await filled(folder);
    for (let swap = 0; swap < 80; swap += 1) {
      versionOf(await store.put(key, [bytesOf(`${swap}`)], { ifMatch: await currentVersion(store) }));
    }
    const [incarnation = ''] = readdirSync(join(folder, 'ledger', 'wiki~'));
    expect(readdirSync(join(folder, 'ledger', 'wiki~', incarnation)).sort()).toEqual([
      '78',
      '79',
      '80',
      '81',
    ]);
  });
});

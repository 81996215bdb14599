import { describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/core/runtime.ts';
import { examine } from '../../src/git/doctor/doctor.ts';
import { hashObject } from '../../src/git/object/object-codec.ts';
import { openRepository } from '../../src/git/open.ts';
import { PackWriter } from '../../src/git/pack/pack-writer.ts';
import { storePack } from '../../src/git/upkeep/adopt.ts';
import { collectGarbage } from '../../src/git/upkeep/gc.ts';
import { mergeRun } from '../../src/git/upkeep/merge.ts';
import { pruneUnreachable } from '../../src/git/upkeep/prune.ts';
import { commitFiles, draftOf, newRepository } from '../support/repository.ts';

describe('a repository', () => {
  it('has no head before its first commit', async () => {
    const view = await (await newRepository()).view();
    expect(view.head).toBeUndefined();
    expect(await view.file('home.md')).toBeUndefined();
    expect(await view.described()).toEqual([]);
  });

  it('reads back what was committed, in this process and in another', async () => {
    const repository = await newRepository();
    const oid = await commitFiles(repository, { 'home.md': 'Welcome', 'docs/a/b.md': 'deep' });
    const { store, uuid, runtime } = repository;
    for (const reader of [repository, openRepository({ store, uuid, runtime })]) {
      const view = await reader.view();
      expect(view.head).toBe(oid);
      const file = await view.file('docs/a/b.md');
      expect(file).toMatchObject({ path: 'docs/a/b.md', size: 4, commit: oid, ordinal: 0 });
      expect((await view.blob(file?.oid ?? '')).toString()).toBe('deep');
      expect((await view.files('')).map(each => each.path)).toEqual(['docs/a/b.md', 'home.md']);
    }
  });

  it('keeps what it knows of each file over flushes, merges and collections', async () => {
    const repository = await newRepository({ flush: null });
    const oids: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      oids.push(await commitFiles(repository, { 'a.md': `a${round}`, [`only/${round}.md`]: 'x' }));
      oids.push(await commitFiles(repository, { 'b/c.md': round % 2 === 0 ? `c${round}` : null }));
      expect(await repository.flusher.flush()).toBe(true);
    }
    const ledger = await repository.ledger();
    expect(ledger.packs).toHaveLength(4);
    await mergeRun(repository, ledger, ledger.packs);
    await collectGarbage(repository, { readerGraceMs: 0, orphanGraceMs: 0 });
    const { packs, condemned } = await repository.ledger();
    expect([packs.length, condemned.length]).toEqual([1, 0]);
    const view = await repository.view();
    expect(await view.file('a.md')).toMatchObject({ commit: oids[6], ordinal: 6 });
    expect(await view.file('only/1.md')).toMatchObject({ commit: oids[2], ordinal: 2 });
    expect(await view.file('b/c.md')).toBeUndefined();
    const touches = [];
    for await (const touch of view.touches('b/c.md')) touches.push(touch.commit);
    expect(touches).toEqual([oids[7], oids[5], oids[3], oids[1]]);
    expect((await examine(repository)).findings).toEqual([]);
  });

  it('refuses a file where a folder is needed and the reverse, and changes nothing', async () => {
    const repository = await newRepository();
    await commitFiles(repository, { 'a.md': 'x', 'b/c.md': 'y' });
    for (const files of [{ 'a.md/b.md': 'z' }, { b: 'z' }, { 'b/c.md/d/e.md': 'z' }]) {
      await expect(commitFiles(repository, files)).rejects.toMatchObject({ code: 'path_clash' });
    }
    await commitFiles(repository, {
      'a.md': null,
      'a.md/b.md': 'now a folder',
      'b/c.md': null,
      b: 'now a file',
    });
    const view = await repository.view();
    expect((await view.files('')).map(each => each.path)).toEqual(['a.md/b.md', 'b']);
    expect(view.ordinal).toBe(1);
    expect((await examine(repository)).findings).toEqual([]);
  });

  it.each([
    '../x.md',
    'a/../b.md',
    '.git/config',
    'a/.GIT/x',
    'git~1/x',
    'a//b',
    'x\0y',
    '.git \u200c/x',
    'a\\b',
    '/a',
  ])('refuses the path %j', async path => {
    const repository = await newRepository();
    await expect(commitFiles(repository, { [path]: 'x' })).rejects.toMatchObject({ code: 'path_unsafe' });
    expect((await repository.view()).head).toBeUndefined();
  });

  it('gives a repeated idempotency key what the first request got, also after a flush', async () => {
    const repository = await newRepository({ flush: null });
    const request = (text: string, fingerprint: string) => ({
      idempotency: { key: 'ab'.repeat(32), fingerprint: fingerprint.repeat(64) },
      plan: async () => ({
        kind: 'commit' as const,
        draft: draftOf({ 'a.md': text }),
        result: (made: { oid: string }) => ({ revision: made.oid }),
      }),
    });
    const first = await repository.commit(request('one', '1'));
    const again = await repository.commit(request('one', '1'));
    expect(again).toEqual({ result: first.result, replayed: true });
    await repository.flusher.flush();
    expect(await repository.commit(request('one', '1'))).toEqual(again);
    await expect(repository.commit(request('two', '2'))).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    });
    expect((await repository.view()).ordinal).toBe(0);
  });

  it('puts large blobs into packs of their own, before and after a flush', async () => {
    const repository = await newRepository({ flush: null });
    const noise = Buffer.from(
      Array.from({ length: 200_000 }, (_, index) => Math.imul(index, 2654435761) >>> (index % 23)),
    );
    await repository.commit({
      plan: async () => ({
        kind: 'commit',
        draft: { ...draftOf({}), changes: [{ path: 'a/big.bin', to: { bytes: noise } }] },
        result: () => true,
      }),
    });
    for (const flushed of [false, true]) {
      if (flushed) await repository.flusher.flush();
      const { store, uuid, runtime } = repository;
      const view = await openRepository({ store, uuid, runtime }).view();
      expect(await view.blob((await view.file('a/big.bin'))?.oid ?? '')).toEqual(noise);
      expect((await examine(repository)).findings).toEqual([]);
    }
    expect((await repository.ledger()).packs).toHaveLength(2);
  });

  it('drops what no ref reaches, and nothing else', async () => {
    const repository = await newRepository({ flush: null });
    await commitFiles(repository, { 'a.md': 'kept', 'b/c.md': 'kept too' });
    await repository.flusher.flush();
    await commitFiles(repository, { 'a.md': 'changed' });
    const writer = new PackWriter();
    const lost = hashObject('blob', Buffer.from('nobody knows me'));
    writer.add('blob', lost, Buffer.from('nobody knows me'));
    const made = writer.finish();
    const ref = await storePack(repository, { pack: made.pack, index: made.index, objects: 1 });
    await repository.amend<true>({
      apply: async current => ({
        kind: 'change',
        value: { ...current, packs: [ref, ...current.packs] },
        result: true,
      }),
      settle: async current => (current.packs.includes(ref) ? true : undefined),
    });
    expect(await pruneUnreachable(repository)).toMatchObject({ unreachable: 1, replaced: { length: 3 } });
    expect(await pruneUnreachable(repository)).toEqual({ unreachable: 0, replaced: [] });
    const view = await repository.view();
    await expect(
      openRepository(repository)
        .view()
        .then(fresh => fresh.blob(lost)),
    ).rejects.toMatchObject({ code: 'object_missing' });
    expect((await view.files('')).map(file => file.path)).toEqual(['a.md', 'b/c.md']);
    expect(await collectGarbage(repository, { readerGraceMs: 0 })).toMatchObject({ deleted: { length: 3 } });
    expect((await examine(repository)).findings).toEqual([]);
  });

  it('flushes records without commits, merges their segments, and forgets them after a day', async () => {
    let nowMs = Date.now();
    const runtime = { ...systemRuntime, now: () => nowMs };
    const repository = await newRepository({ flush: null, runtime });
    const key = (index: number) => index.toString(16).padStart(64, '0').split('').reverse().join('');
    const keep = (index: number) =>
      repository.commit({
        idempotency: { key: key(index), fingerprint: 'f'.repeat(64) },
        plan: async () => ({ kind: 'keep' as const, result: { index } }),
      });
    for (let index = 0; index < 60; index += 1) {
      await keep(index);
      if (index % 6 === 5) expect(await repository.flusher.flush()).toBe(true);
    }
    const { journal, keySegments, packs } = await repository.ledger();
    expect([journal.count, packs.length]).toEqual([0, 0]);
    expect(keySegments.length).toBeLessThan(6);
    for (const index of [0, 17, 59]) expect(await keep(index)).toEqual({ result: { index }, replayed: true });
    nowMs += 25 * 3_600_000;
    expect(await keep(0)).toEqual({ result: { index: 0 }, replayed: false });
    await repository.flusher.flush();
    expect(await keep(0)).toMatchObject({ replayed: true });
    expect((await repository.ledger()).keySegments).toHaveLength(1);
  });
});

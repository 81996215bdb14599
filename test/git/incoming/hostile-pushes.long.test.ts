import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { MAIN_REF } from '../../../src/git/ledger/ledger.ts';
import { hashObject } from '../../../src/git/object/object-codec.ts';
import type { ObjectType, Oid } from '../../../src/git/object/objects.ts';
import type { LedgerRepository } from '../../../src/git/open.ts';
import { createDelta, deltaFromEdits } from '../../../src/git/pack/delta.ts';
import { encodeEntryHeader } from '../../../src/git/pack/pack-entry.ts';
import { commitFiles, newRepository } from '../../support/repository.ts';
import { expectSound, push } from './push-support.ts';

const WHO = 'Mallory <m@example.org> 1700000000 +0000';

/** A pack that is made by hand, entry by entry. */
class HandmadePack {
  readonly #parts: Buffer[] = [];
  readonly #starts: number[] = [];
  #at = 12;

  whole(type: ObjectType, bytes: Buffer): Oid {
    this.#append(encodeEntryHeader(type, bytes.length), bytes);
    return hashObject(type, bytes);
  }

  /** A delta against the entry before. */
  next(type: ObjectType, before: Buffer, bytes: Buffer): Oid {
    const delta = createDelta(before, bytes) as Buffer;
    const distance = this.#at - (this.#starts.at(-1) as number);
    this.#append(encodeEntryHeader('ofs-delta', delta.length, distance), delta);
    return hashObject(type, bytes);
  }

  /** A delta that makes the entry before once more, of so many bytes: a few of its own. */
  copyOfNext(bytes: number): void {
    const ops: { copy: readonly [number, number] }[] = [];
    for (let at = 0; at < bytes; at += 0xffff) ops.push({ copy: [at, Math.min(bytes, at + 0xffff)] });
    const delta = deltaFromEdits(bytes, ops, bytes);
    const distance = this.#at - (this.#starts.at(-1) as number);
    this.#append(encodeEntryHeader('ofs-delta', delta.length, distance), delta);
  }

  #append(header: Buffer, payload: Buffer): void {
    const entry = Buffer.concat([header, deflateSync(payload)]);
    this.#starts.push(this.#at);
    this.#parts.push(entry);
    this.#at += entry.length;
  }

  finish(): Buffer {
    const head = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
    head.writeUInt32BE(this.#parts.length, 8);
    const pack = Buffer.concat([head, ...this.#parts]);
    return Buffer.concat([pack, createHash('sha1').update(pack).digest()]);
  }
}

function treeBytes(entries: readonly (readonly [mode: string, name: string, oid: Oid])[]): Buffer {
  return Buffer.concat(
    entries.map(([mode, name, oid]) =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]),
    ),
  );
}

function commitBytes(tree: Oid, parents: readonly Oid[], more = ''): Buffer {
  const lines = [`tree ${tree}`, ...parents.map(oid => `parent ${oid}`), `author ${WHO}`, `committer ${WHO}`];
  return Buffer.from(`${lines.join('\n')}\n${more}\nCrafted\n`);
}

async function wiki(): Promise<{ repository: LedgerRepository; head: Oid; tree: Oid }> {
  const repository = await newRepository();
  const head = await commitFiles(repository, { 'a.md': 'one\n' });
  const { tree } = (await (await repository.view()).commit(head)) as { tree: Oid };
  return { repository, head, tree };
}

async function pushed(repository: LedgerRepository, before: Oid, after: Oid, pack: HandmadePack) {
  const updates = [{ ref: MAIN_REF, before, after }];
  return await push(repository, '.', { updates, pack: pack.finish() });
}

test.each([
  ['behind the committer', (head: Oid) => `parent ${head}\n`],
  ['in an encoding that hides it', (head: Oid) => `encoding iso-2022-jp\n\u001b(Bparent ${head}\n`],
])('a commit that names its parent %s has none, as for git', async (_, more) => {
  const { repository, head, tree } = await wiki();
  const pack = new HandmadePack();
  const after = pack.whole('commit', commitBytes(tree, [], more(head)));
  await expect(pushed(repository, head, after, pack)).rejects.toMatchObject({ code: 'not_fast_forward' });
  await expectSound(repository);
});

test.each(['file', 'empty folder'])(
  'folders that hold one %s many times are counted, not gone through',
  async kind => {
    const { repository, head } = await wiki();
    const pack = new HandmadePack();
    let inner: readonly [string, Oid] =
      kind === 'file'
        ? ['100644', pack.whole('blob', Buffer.from('x\n'))]
        : ['40000', pack.whole('tree', Buffer.alloc(0))];
    for (let level = 0; level < 12; level += 1) {
      const [mode, oid] = inner;
      const entries = Array.from(
        { length: 20 },
        (_, n) => [mode, `n${String(n).padStart(2, '0')}`, oid] as const,
      );
      inner = ['40000', pack.whole('tree', treeBytes(entries))];
    }
    const after = pack.whole('commit', commitBytes(inner[1], [head]));
    await expect(pushed(repository, head, after, pack)).rejects.toMatchObject({ code: 'landing_too_large' });
    await expectSound(repository);
  },
);

test('folders in folders without end are refused', async () => {
  const { repository, head } = await wiki();
  const pack = new HandmadePack();
  let oid = pack.whole('tree', treeBytes([['100644', 'x.md', pack.whole('blob', Buffer.from('x\n'))]]));
  for (let depth = 0; depth < 20_000; depth += 1) oid = pack.whole('tree', treeBytes([['40000', 'd', oid]]));
  const after = pack.whole('commit', commitBytes(oid, [head]));
  await expect(pushed(repository, head, after, pack)).rejects.toMatchObject({
    code: 'entry_refused',
    message: expect.stringContaining('more than 4096 characters'),
  });
  await expectSound(repository);
});

test('what came in a long chain of deltas is read like anything else', async () => {
  const { repository, head } = await wiki();
  const pack = new HandmadePack();
  const text = (n: number) => Buffer.from(`${'always the same\n'.repeat(20)}${n}\n`);
  const entries: [string, string, Oid][] = [];
  for (let n = 0; n < 4_500; n += 1) {
    const oid = n === 0 ? pack.whole('blob', text(0)) : pack.next('blob', text(n - 1), text(n));
    entries.push(['100644', `p${String(n).padStart(4, '0')}.md`, oid]);
  }
  const tree = pack.whole('tree', treeBytes(entries));
  const after = pack.whole('commit', commitBytes(tree, [head]));
  await pushed(repository, head, after, pack);
  const view = await repository.view({ maxAgeMs: 0 });
  const [, , last] = entries.at(-1) as [string, string, Oid];
  expect((await view.blob(last)).equals(text(4_499))).toBe(true);
});

test('deltas that make too much of few bytes are refused', async () => {
  const { repository, head } = await wiki();
  const pack = new HandmadePack();
  const large = Buffer.alloc(30 << 20, 'x');
  pack.whole('tree', large);
  for (let n = 0; n < 200; n += 1) pack.copyOfNext(large.length);
  await expect(pushed(repository, head, head.replace(/./, '0'), pack)).rejects.toMatchObject({
    code: 'pack_corrupt',
    message: expect.stringContaining('too much of few bytes'),
  });
});

test('a commit with thousands of parents is refused', async () => {
  const { repository, head, tree } = await wiki();
  const pack = new HandmadePack();
  const after = pack.whole('commit', commitBytes(tree, Array(20_000).fill(head)));
  await expect(pushed(repository, head, after, pack)).rejects.toMatchObject({
    code: 'object_corrupt',
    message: expect.stringContaining('20000 parents'),
  });
});

test('commits that would fill the memory are refused', async () => {
  const { repository, head, tree } = await wiki();
  const pack = new HandmadePack();
  let after = head;
  for (let n = 0; n < 270; n += 1)
    after = pack.whole('commit', commitBytes(tree, [after], `note ${'x'.repeat(1_000_000)}\n`));
  await expect(pushed(repository, head, after, pack)).rejects.toMatchObject({ code: 'landing_too_large' });
  await expectSound(repository);
});

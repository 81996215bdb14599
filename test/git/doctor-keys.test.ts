import { expect, test } from 'vitest';
import { examine } from '../../src/git/doctor/doctor.ts';
import { packKey } from '../../src/git/ledger/ledger.ts';
import type { LedgerRepository } from '../../src/git/open.ts';
import { draftOf, newRepository } from '../support/repository.ts';

const ROW_BYTES = 44;

/** A wiki whose three idempotency records lie in one segment. */
async function withSegment(): Promise<{ repository: LedgerRepository; key: string; bytes: Buffer }> {
  const repository = await newRepository({ flush: null });
  for (const digit of ['3', '1', '2']) {
    await repository.commit({
      plan: async () => ({
        kind: 'commit',
        draft: draftOf({ [digit]: 'text' }),
        result: ({ oid }) => ({ oid }),
      }),
      idempotency: { key: digit.repeat(64), fingerprint: 'f'.repeat(64) },
    });
  }
  await repository.flusher.flush();
  const { keySegments } = await repository.ledger();
  const key = packKey(repository.uuid, keySegments[0]?.name ?? '', 'keys');
  const got = await repository.store.get(key);
  if (got.kind !== 'found') throw new Error(`${key} is ${got.kind}`);
  return { repository, key, bytes: Buffer.from(got.bytes) };
}

/** How a segment may be damaged, and what doctor says of it. */
const DAMAGES: Record<string, { damage: (bytes: Buffer) => Buffer; says: RegExp[] }> = {
  'is cut off in its texts': {
    damage: bytes => bytes.subarray(0, -3),
    says: [
      /"pack-[0-9a-f]{32}": \d+ bytes are stored, the ledger says \d+/,
      /record 2 \(key 3{32}\) holds no JSON/,
      /texts do not lie/,
    ],
  },
  'is cut off in its keys': {
    damage: bytes => bytes.subarray(0, 2 * ROW_BYTES),
    says: [/88 bytes are stored/, /88 bytes are too few for 3 records/],
  },
  'has records in another order': {
    damage: bytes =>
      Buffer.concat([
        bytes.subarray(ROW_BYTES, 2 * ROW_BYTES),
        bytes.subarray(0, ROW_BYTES),
        bytes.subarray(2 * ROW_BYTES),
      ]),
    says: [/record 1 has the key 1{32}, which is not above that of the record before/],
  },
  'has a key twice': {
    damage: bytes => {
      bytes.copy(bytes, ROW_BYTES, 0, 16);
      return bytes;
    },
    says: [/record 1 has the key 1{32}, which is not above/],
  },
  'has other times': {
    damage: bytes => {
      for (let at = 32; at < 3 * ROW_BYTES; at += ROW_BYTES) bytes.writeUInt32BE(7, at);
      return bytes;
    },
    says: [/its newest record is of 7 s, the ledger says \d+ s/],
  },
  'has a text that is another record’s': {
    damage: bytes => {
      bytes.copy(bytes, 36, ROW_BYTES + 36, ROW_BYTES + 44);
      return bytes;
    },
    says: [/its texts do not lie one after another/],
  },
};

test('a sound segment is sound', async () => {
  const { repository } = await withSegment();
  expect((await examine(repository)).findings).toEqual([]);
});

test.for(Object.keys(DAMAGES))('doctor says what is wrong with a segment that %s', async name => {
  const { damage, says } = DAMAGES[name] as (typeof DAMAGES)[string];
  const { repository, key, bytes } = await withSegment();
  await repository.store.delete([key]);
  await repository.store.put(key, [damage(bytes)], { immutable: true });
  const { findings } = await examine(repository);
  expect(findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual(
    says.map(() => 'error key_segment_corrupt'),
  );
  for (const [at, text] of says.entries()) expect(findings[at]?.message).toMatch(text);
});

test('doctor says that a listed segment is missing', async () => {
  const { repository, key } = await withSegment();
  await repository.store.delete([key]);
  const { findings } = await examine(repository);
  expect(findings).toEqual([
    { severity: 'error', code: 'key_segment_missing', message: expect.stringContaining(`"${key}"`) },
  ]);
});

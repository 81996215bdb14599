import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKittiwakeError } from '../../src/core/errors.ts';
import {
  decodeCommit,
  decodeTag,
  encodeCommit,
  encodeTag,
  hashObject,
} from '../../src/git/object/object-codec.ts';
import type { Commit, Signature } from '../../src/git/object/objects.ts';
import { PackWriter } from '../../src/git/pack/pack-writer.ts';
import { Tree } from '../../src/git/tree/tree.ts';
import { addPack, bareRepository, git } from '../support/git-command.ts';
import { needs } from '../support/needs.ts';

const TREE = Tree.empty.oid;
const evilText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom('<', '>', '\n', '\0', ' ', '.', ',', 'a', 'Ü', '𝄞', '\r', '\t'),
    maxLength: 12,
  }),
);
const signature: fc.Arbitrary<Signature> = fc.record({
  name: evilText,
  email: evilText,
  seconds: fc.oneof(fc.integer({ min: -5, max: 2 ** 31 }), fc.double()),
  offsetMinutes: fc.oneof(fc.integer({ min: -900, max: 900 }), fc.integer()),
});
const commit: fc.Arbitrary<Commit> = fc.record(
  {
    tree: fc.constant(TREE),
    parents: fc.constant([]),
    author: signature,
    committer: signature,
    message: fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constant(''),
      fc.constant('\n\nx'),
      fc.constant('no newline'),
    ),
    requestId: fc.stringMatching(/^[0-9a-f]{32}$/),
  },
  { requiredKeys: ['tree', 'parents', 'author', 'committer', 'message'] },
);

function commitOf(lines: string, encoding: BufferEncoding = 'utf8'): Buffer {
  return Buffer.from(lines, encoding);
}

const HEAD = `tree ${TREE}\nauthor Ann <ann@example.org> 1700000000 +0100\ncommitter Bob <bob@example.org> 1700000001 -0330\n`;

describe('object ids', () => {
  it('are those of git hash-object, for one part or several, small or large', ctx => {
    needs(ctx, 'git');
    const folder = bareRepository();
    const bodies = [0, 1, 55, 63, 64, 4_000, 16_383, 16_384, 70_000, 1_000_000].map(size =>
      randomBytes(size),
    );
    for (const [i, body] of bodies.entries()) writeFileSync(join(folder, `${i}`), body);
    const paths = bodies.map((_, i) => join(folder, `${i}`)).join('\n');
    const expected = git(folder, ['hash-object', '--no-filters', '--stdin-paths'], { input: paths });
    const expectedOids = expected.toString().trim().split('\n');
    expect(bodies.map(body => hashObject('blob', body))).toEqual(expectedOids);
    const inParts = bodies.map(body => {
      const third = Math.floor(body.length / 3);
      return hashObject('blob', body.subarray(0, third), new Uint8Array(0), body.subarray(third));
    });
    expect(inParts).toEqual(expectedOids);
  });
});

describe('commits', () => {
  it('of any names, times and messages pass git index-pack and git fsck --strict', ctx => {
    needs(ctx, 'git');
    const folder = bareRepository();
    const commits = fc.sample(commit, { numRuns: 400, seed: 7 }).map(encodeCommit);
    const writer = new PackWriter();
    writer.add('tree', TREE, []);
    for (const bytes of commits) writer.add('commit', hashObject('commit', bytes), bytes);
    addPack(folder, writer.finish().pack);
    const said = git(folder, ['fsck', '--full', '--strict', '--no-dangling']).toString();
    expect(said).toBe('');
  });

  it('come back from their bytes, but for what git cannot hold', () => {
    fc.assert(
      fc.property(commit, value => {
        const once = decodeCommit(encodeCommit(value));
        expect(decodeCommit(encodeCommit(once))).toEqual(once);
        expect(once.requestId).toBe(value.requestId);
        expect(once.message).toBe(value.message.replaceAll('\0', '').toWellFormed());
        expect(once.author.name).not.toMatch(/[<>\n\0]/);
      }),
    );
  });

  it('have names and addresses cleaned as git cleans them', ctx => {
    needs(ctx, 'git');
    const folder = bareRepository();
    for (const name of ['  .Ann, ', 'A<n>n\nB', '"Dr. Ann"', "Ann O'Neil ;", 'a\tb']) {
      const env = {
        GIT_AUTHOR_NAME: name,
        GIT_AUTHOR_EMAIL: `<${name}>`,
        GIT_AUTHOR_DATE: '1700000000 -0930',
      };
      const oid = git(folder, ['commit-tree', '-m', 'x', git(folder, ['mktree']).toString().trim()], { env });
      const made = decodeCommit(git(folder, ['cat-file', 'commit', oid.toString().trim()]));
      const author = { name, email: `<${name}>`, seconds: 1_700_000_000, offsetMinutes: -570 };
      expect(hashObject('commit', encodeCommit({ ...made, author }))).toBe(oid.toString().trim());
    }
  });

  it('of other tools are read past signatures, merge tags and unknown headers', () => {
    const gpgsig =
      'gpgsig -----BEGIN PGP SIGNATURE-----\n \n parent 0000\n iQ==\n -----END PGP SIGNATURE-----\n';
    const mergetag = `mergetag object ${TREE}\n type commit\n tag v1\n tagger X <x@y> 1 +0000\n \n text\n`;
    const bytes = commitOf(
      `${HEAD}${mergetag}${gpgsig}HG:extra a b\nnospace\n\nThe message\n\nparent here\n`,
    );
    expect(decodeCommit(bytes)).toEqual({
      tree: TREE,
      parents: [],
      author: { name: 'Ann', email: 'ann@example.org', seconds: 1_700_000_000, offsetMinutes: 60 },
      committer: { name: 'Bob', email: 'bob@example.org', seconds: 1_700_000_001, offsetMinutes: -210 },
      message: 'The message\n\nparent here\n',
    });
  });

  it('in another encoding are decoded, with or without a header that says so', () => {
    const latin = (header: string) => commitOf(`${HEAD.replace('Ann', 'Jörg')}${header}\nGrüße\n`, 'latin1');
    for (const header of [
      'encoding ISO-8859-1\n',
      'encoding latin1\n',
      '',
      'encoding no-such\n',
      'encoding UTF-8\n',
    ]) {
      const { author, message } = decodeCommit(latin(header));
      expect([author.name, message]).toEqual(['Jörg', 'Grüße\n']);
    }
    const japanese = Buffer.concat([
      commitOf(`${HEAD}encoding Shift_JIS\n\n`),
      Buffer.from('93fa967b', 'hex'),
    ]);
    expect(decodeCommit(japanese).message).toBe('日本');
  });

  it.each([
    ['Ann <a@b> 12 +0000', { name: 'Ann', email: 'a@b', seconds: 12, offsetMinutes: 0 }],
    [' <a@b> 12 -0000', { name: '', email: 'a@b', seconds: 12, offsetMinutes: 0 }],
    ['<a@b> 12 +0545', { name: '', email: 'a@b', seconds: 12, offsetMinutes: 345 }],
    ['Ann <> 12 -7530', { name: 'Ann', email: '', seconds: 12, offsetMinutes: -4530 }],
    ['Ann <a <b> c@d> 12 +051800', { name: 'Ann', email: 'a <b', seconds: 12, offsetMinutes: 0 }],
    ['Ann <a@b>', { name: 'Ann', email: 'a@b', seconds: 0, offsetMinutes: 0 }],
    ['Ann <a@b> yesterday', { name: 'Ann', email: 'a@b', seconds: 0, offsetMinutes: 0 }],
    ['Ann', { name: 'Ann', email: '', seconds: 0, offsetMinutes: 0 }],
    ['Ann <a@b> 99999999999999999999 +0000', { name: 'Ann', email: 'a@b', seconds: 0, offsetMinutes: 0 }],
  ])('are read although their author line is "%s"', (line, expected) => {
    const bytes = commitOf(`tree ${TREE}\nauthor ${line}\ncommitter ${line}\n\n`);
    expect(decodeCommit(bytes).author).toEqual(expected);
  });

  it('without tree, author or committer are refused', () => {
    for (const missing of ['tree', 'author', 'committer']) {
      const bytes = commitOf(`${HEAD.replace(missing, `no${missing}`)}\nx`);
      expect(() => decodeCommit(bytes)).toThrow(expect.objectContaining({ code: 'object_corrupt' }));
    }
  });

  it('that were damaged are read or refused, never anything else', () => {
    const bytes = encodeCommit({
      tree: TREE,
      parents: [TREE, TREE],
      author: { name: 'Ann', email: 'a@b', seconds: 1, offsetMinutes: 2 },
      committer: { name: 'Ann', email: 'a@b', seconds: 1, offsetMinutes: 2 },
      message: 'x\n',
      requestId: '0'.repeat(32),
    });
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(damage, fc.nat(bytes.length), (flips, length) => {
        const damaged = Buffer.from(bytes.subarray(0, Math.max(length, 1)));
        for (const [at, value] of flips) damaged[at] = value;
        try {
          expect(typeof decodeCommit(damaged).message).toBe('string');
        } catch (error) {
          expect(isKittiwakeError(error, 'object_corrupt')).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('tags', () => {
  it('made here pass git mktag, and those of git are read', ctx => {
    needs(ctx, 'git');
    const folder = bareRepository();
    const target = git(folder, ['hash-object', '-w', '--stdin'], { input: 'x' }).toString().trim();
    const tagger = { name: 'Ann', email: 'a@b', seconds: 12, offsetMinutes: 90 };
    const tag = { target, targetType: 'blob' as const, name: 'v1.0', tagger, message: 'Release\n' };
    const bytes = encodeTag(tag);
    const oid = git(folder, ['mktag', '--strict'], { input: bytes }).toString().trim();
    expect(hashObject('tag', bytes)).toBe(oid);
    expect(decodeTag(git(folder, ['cat-file', 'tag', oid]))).toEqual(tag);
  });

  it('without a target are refused, without a tagger read', () => {
    const old = Buffer.from(`object ${TREE}\ntype tree\ntag v0\n\nold\n`);
    expect(decodeTag(old)).toEqual({ target: TREE, targetType: 'tree', name: 'v0', message: 'old\n' });
    const none = Buffer.from('type tree\ntag v0\n\nold\n');
    expect(() => decodeTag(none)).toThrow(expect.objectContaining({ code: 'object_corrupt' }));
  });
});

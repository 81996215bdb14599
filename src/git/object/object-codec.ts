import { isUtf8 } from 'node:buffer';
import { createHash, hash } from 'node:crypto';
import { objectCorrupt } from '../errors.ts';
import type { Commit, ObjectType, Oid, Signature } from './objects.ts';
import { decodeSignature, encodeSignature } from './signature-codec.ts';

/** Up to here, copying the parts together and hashing once is faster than a hash object. */
const ONE_SHOT_BYTES = 16 << 10;
const REQUEST_HEADER = 'kittiwake-request';
const OID = /^[0-9a-f]{40}$/;
const NEWLINE = 0x0a;

/** Annotated tag; see git-mktag(1). */
export interface Tag {
  target: Oid;
  targetType: ObjectType;
  name: string;
  /** Absent in some very old tags. */
  tagger?: Signature;
  message: string;
}

/** The id git gives to an object: SHA-1 of `<type> <length>`, NUL and the bytes of all parts. */
export function hashObject(type: ObjectType, ...parts: readonly Uint8Array[]): Oid {
  let length = 0;
  for (const part of parts) length += part.length;
  const header = `${type} ${length}\0`;
  if (header.length + length > ONE_SHOT_BYTES) return hashParts(header, parts);
  const whole = Buffer.allocUnsafe(header.length + length);
  let at = whole.write(header, 0, 'latin1');
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return hash('sha1', whole);
}

function hashParts(header: string, parts: readonly Uint8Array[]): Oid {
  const sha = createHash('sha1').update(header);
  for (const part of parts) sha.update(part);
  return sha.digest('hex');
}

/** A commit object's bytes, without git's header. NUL characters of the message are left out: git has no place for them. */
export function encodeCommit(commit: Commit): Buffer {
  const lines = [`tree ${commit.tree}`];
  for (const parent of commit.parents) lines.push(`parent ${parent}`);
  lines.push(`author ${encodeSignature(commit.author)}`, `committer ${encodeSignature(commit.committer)}`);
  if (commit.requestId !== undefined) lines.push(`${REQUEST_HEADER} ${commit.requestId}`);
  return Buffer.from(`${lines.join('\n')}\n\n${commit.message.replaceAll('\0', '')}`);
}

/**
 * Reads a commit of any origin: signatures, merge tags and unknown headers are passed over, a message in another
 * encoding is decoded.
 * @throws KittiwakeError `object_corrupt` when tree, author or committer is missing
 */
export function decodeCommit(bytes: Buffer): Commit {
  const { headers, message } = splitObject(bytes);
  const { tree, parents } = linksOf(bytes);
  const author = headers.get('author')?.[0];
  const committer = headers.get('committer')?.[0];
  if (author === undefined || committer === undefined)
    throw objectCorrupt('commit', 'it has no author or no committer');
  const requestId = headers.get(REQUEST_HEADER)?.[0];
  return {
    tree,
    parents,
    author: decodeSignature(author),
    committer: decodeSignature(committer),
    message,
    ...(requestId === undefined ? {} : { requestId }),
  };
}

const TREE_LINE = 'tree '.length + 41;
const PARENT_LINE = 'parent '.length + 41;

/** What a commit names, in the lines that it begins with: a line like these anywhere else means nothing to git. */
function linksOf(bytes: Buffer): Pick<Commit, 'tree' | 'parents'> {
  const oidAt = (start: number) => {
    const oid = bytes.toString('latin1', start, start + 40);
    if (!OID.test(oid) || bytes[start + 40] !== NEWLINE)
      throw objectCorrupt('commit', 'it names no valid tree or parent');
    return oid;
  };
  const begins = (word: string, at: number) => bytes.toString('latin1', at, at + word.length) === word;
  const tree = begins('tree ', 0) ? oidAt(5) : oidAt(bytes.length);
  const parents: Oid[] = [];
  for (let at = TREE_LINE; begins('parent ', at); at += PARENT_LINE) parents.push(oidAt(at + 7));
  return { tree, parents };
}

/** A tag object's bytes, without git's header. */
export function encodeTag(tag: Tag): Buffer {
  const lines = [`object ${tag.target}`, `type ${tag.targetType}`, `tag ${tag.name}`];
  if (tag.tagger) lines.push(`tagger ${encodeSignature(tag.tagger)}`);
  return Buffer.from(`${lines.join('\n')}\n\n${tag.message.replaceAll('\0', '')}`);
}

/** @throws KittiwakeError `object_corrupt` */
export function decodeTag(bytes: Buffer): Tag {
  const { headers, message } = splitObject(bytes);
  const target = headers.get('object')?.[0] ?? '';
  const targetType = headers.get('type')?.[0] ?? '';
  const tagger = headers.get('tagger')?.[0];
  if (!OID.test(target) || !isObjectType(targetType)) throw objectCorrupt('tag', 'it names no valid target');
  const name = headers.get('tag')?.[0] ?? '';
  return {
    target,
    targetType,
    name,
    message,
    ...(tagger === undefined ? {} : { tagger: decodeSignature(tagger) }),
  };
}

export function isObjectType(text: string): text is ObjectType {
  return text === 'commit' || text === 'tree' || text === 'blob' || text === 'tag';
}

/** Header lines by name (continuation lines dropped), and the message behind the first empty line. */
function splitObject(bytes: Buffer): { headers: Map<string, string[]>; message: string } {
  const gap = bytes.indexOf('\n\n');
  const head = gap < 0 ? bytes : bytes.subarray(0, gap);
  const body = gap < 0 ? bytes.subarray(bytes.length) : bytes.subarray(gap + 2);
  const encoding = /^encoding (.+)$/m.exec(head.toString('latin1'))?.[1];
  const headers = new Map<string, string[]>();
  for (const line of decodeText(head, encoding).split('\n')) {
    const space = line.indexOf(' ');
    if (space <= 0) continue;
    const name = line.slice(0, space);
    const values = headers.get(name);
    if (values) values.push(line.slice(space + 1));
    else headers.set(name, [line.slice(space + 1)]);
  }
  return { headers, message: decodeText(body, encoding) };
}

/** Text that is not what it claims to be is read as Latin-1, which most such histories are in. */
function decodeText(bytes: Buffer, encoding: string | undefined): string {
  if (encoding !== undefined && !/^utf-?8$/i.test(encoding)) {
    try {
      return new TextDecoder(encoding.trim()).decode(bytes);
    } catch {
      // An encoding nobody knows: as if none was named.
    }
  }
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}

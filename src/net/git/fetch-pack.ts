import { remoteFailed, remoteTooLarge } from '../errors.ts';
import { DELIMITER, FLUSH, type Packet, packet, readPackets, textOf } from './pkt-line.ts';
import type { RemoteUrl } from './remote-url.ts';
import { askRemote, type RemoteOptions } from './smart-http.ts';

const SERVICE = 'git-upload-pack';
const VERSION_2 = { 'git-protocol': 'version=2' };
/** Of refs; more are refused. */
const MAX_REFS = 1_000_000;
/** Of the lines that name them. */
const MAX_REF_BYTES = 128 << 20;
/** Of lines that say what a server knows: there are about ten. */
const MAX_CAPABILITIES = 1_000;

/** A repository that speaks version 2 of the protocol, gitprotocol-v2(5). */
export interface Remote {
  url: RemoteUrl;
  options: RemoteOptions;
}

export interface RemoteRefs {
  /** Full ref names to ids: branches and tags. */
  refs: Map<string, string>;
  /** The commit at HEAD; undefined when there is none. */
  head: string | undefined;
  /** The ref that HEAD names. */
  headRef: string | undefined;
}

/**
 * Asks a server what it speaks.
 * @throws KittiwakeError `remote_failed` when it is no git server, or knows neither version 2 nor SHA-1; those of {@link askRemote}
 */
export async function openRemote(url: RemoteUrl, options: RemoteOptions): Promise<Remote> {
  const request = { method: 'GET', path: `/info/refs?service=${SERVICE}`, headers: VERSION_2 } as const;
  const { body, contentType, remote } = await askRemote(url, request, options);
  const { shown } = remote;
  if (contentType !== `application/x-${SERVICE}-advertisement`)
    throw remoteFailed(shown, 'there is no git repository, or its server speaks the old protocol only');
  const lines: string[] = [];
  for await (const each of readPackets(body, shown)) {
    if (each.kind === 'data') lines.push(textOf(each.bytes));
    if (lines.length > MAX_CAPABILITIES)
      throw remoteFailed(shown, 'it says more of itself than any git server does');
  }
  if (!lines.includes('version 2'))
    throw remoteFailed(shown, 'its server does not know version 2 of the protocol');
  const format = lines.find(line => line.startsWith('object-format='));
  if (format !== undefined && format !== 'object-format=sha1')
    throw remoteFailed(shown, 'its objects are named by SHA-256, and only SHA-1 is known here');
  return { url: remote, options };
}

/** Branches, tags and HEAD. @throws KittiwakeError `remote_failed`; those of {@link askRemote} */
export async function listRefs(remote: Remote): Promise<RemoteRefs> {
  const wanted = ['symrefs', 'ref-prefix HEAD', 'ref-prefix refs/heads/', 'ref-prefix refs/tags/'];
  const found: RemoteRefs = { refs: new Map(), head: undefined, headRef: undefined };
  let bytes = 0;
  for await (const each of command(remote, 'ls-refs', wanted)) {
    if (each.kind !== 'data') continue;
    bytes += each.bytes.length;
    if (bytes > MAX_REF_BYTES)
      throw remoteFailed(remote.url.shown, `it names refs in more than ${MAX_REF_BYTES} bytes`);
    const match = /^([0-9a-f]{40}|unborn) (\S+)(?: symref-target:(\S+))?/.exec(textOf(each.bytes));
    const [, oid, name, target] = match ?? [];
    if (oid === undefined || name === undefined || oid === 'unborn') continue;
    if (name !== 'HEAD') found.refs.set(name, oid);
    else Object.assign(found, { head: oid, headRef: target });
    if (found.refs.size > MAX_REFS) throw remoteFailed(remote.url.shown, `it has more than ${MAX_REFS} refs`);
  }
  return found;
}

export interface FetchOptions {
  /** Ids of commits: they and all that they lead to, and annotated tags of these, are sent. */
  wants: readonly string[];
  /**
   * Ids of commits that are here with all that they lead to: that is not sent, and deltas may rest on it (a thin pack). Default:
   * nothing is here, and the pack is complete in itself.
   */
  haves?: readonly string[];
  /** A pack with more bytes is refused while it comes. */
  maxBytes: number;
  /** What the server says meanwhile, line by line. */
  onProgress?: (line: string) => void;
}

/**
 * The pack of some commits, with deltas by offset. Nothing of it is held.
 * @throws KittiwakeError `remote_failed`, `remote_too_large`; those of {@link askRemote}
 */
export async function* fetchPack(remote: Remote, options: FetchOptions): AsyncGenerator<Uint8Array> {
  const { wants, haves = [], maxBytes, onProgress } = options;
  const { shown } = remote.url;
  const wanted = [
    ...(haves.length > 0 ? ['thin-pack', 'ofs-delta'] : ['ofs-delta', 'include-tag']),
    ...wants.map(oid => `want ${oid}`),
    ...haves.map(oid => `have ${oid}`),
    'done',
  ];
  let isPack = false;
  let bytes = 0;
  for await (const each of command(remote, 'fetch', wanted)) {
    if (each.kind !== 'data') continue;
    if (!isPack) {
      isPack = textOf(each.bytes) === 'packfile';
      continue;
    }
    const [band] = each.bytes;
    const content = each.bytes.subarray(1);
    if (band === 3) throw remoteFailed(shown, `it says ${JSON.stringify(textOf(content).slice(0, 200))}`);
    if (band === 2) onProgress?.(textOf(content));
    if (band !== 1) continue;
    bytes += content.length;
    if (bytes > maxBytes) throw remoteTooLarge(shown, maxBytes);
    yield content;
  }
  if (bytes === 0) throw remoteFailed(shown, 'it sends no pack');
}

async function* command(
  { url, options }: Remote,
  name: string,
  lines: readonly string[],
): AsyncGenerator<Packet> {
  const body = [
    packet(`command=${name}\n`),
    DELIMITER,
    ...lines.map(line => packet(`${line}\n`)),
    FLUSH,
  ].join('');
  const headers = {
    ...VERSION_2,
    'content-type': `application/x-${SERVICE}-request`,
    accept: `application/x-${SERVICE}-result`,
    'content-length': String(Buffer.byteLength(body)),
  };
  const answer = await askRemote(url, { method: 'POST', path: `/${SERVICE}`, headers, body }, options);
  for await (const each of readPackets(answer.body, url.shown)) {
    if (each.kind === 'data' && each.bytes.toString('latin1', 0, 4) === 'ERR ')
      throw remoteFailed(url.shown, `it says ${JSON.stringify(textOf(each.bytes).slice(4, 200))}`);
    yield each;
  }
}

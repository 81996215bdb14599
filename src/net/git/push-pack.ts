import { remoteFailed, remotePushRefused } from '../errors.ts';
import { FLUSH, packet, readPackets, textOf } from './pkt-line.ts';
import type { RemoteUrl } from './remote-url.ts';
import { askRemote, type RemoteOptions } from './smart-http.ts';

const SERVICE = 'git-receive-pack';
const NOTHING = '0'.repeat(40);
const MAX_REFS = 1_000_000;
/** Of the lines that name them. */
const MAX_REF_BYTES = 128 << 20;
/** Of what it answers to a push, and says meanwhile. */
const MAX_ANSWER_BYTES = 4 << 20;

/** A repository that takes commits, gitprotocol-pack(5) over gitprotocol-http(5). */
export interface ReceivingRemote {
  url: RemoteUrl;
  options: RemoteOptions;
  /** Full ref names to ids, of what it shows to those who push. */
  refs: ReadonlyMap<string, string>;
  capabilities: ReadonlySet<string>;
}

export interface PushedRef {
  ref: string;
  /** Undefined: it is made. */
  before: string | undefined;
  after: string;
}

/**
 * Asks a server what it has, and whether it takes anything from this caller.
 * @throws KittiwakeError `remote_failed` when it is no git server, or names objects by SHA-256; those of {@link askRemote}
 */
export async function openForPush(url: RemoteUrl, options: RemoteOptions): Promise<ReceivingRemote> {
  const request = { method: 'GET', path: `/info/refs?service=${SERVICE}`, headers: {} } as const;
  const { body, contentType, remote } = await askRemote(url, request, options);
  const { shown } = remote;
  if (contentType !== `application/x-${SERVICE}-advertisement`)
    throw remoteFailed(shown, 'there is no git repository, or its server takes no pushes');
  const refs = new Map<string, string>();
  const capabilities = new Set<string>();
  let bytes = 0;
  for await (const each of readPackets(body, shown)) {
    if (each.kind !== 'data') continue;
    bytes += each.bytes.length;
    if (bytes > MAX_REF_BYTES) throw remoteFailed(shown, `it names refs in more than ${MAX_REF_BYTES} bytes`);
    const [line = '', told] = textOf(each.bytes).split('\0');
    if (line.startsWith('ERR ')) throw remoteFailed(shown, `it says ${quoted(line.slice(4))}`);
    for (const word of told?.split(' ') ?? []) capabilities.add(word);
    const [, oid, ref] = /^([0-9a-f]{40}) (\S+)$/.exec(line) ?? [];
    if (oid === undefined || ref === undefined || oid === NOTHING) continue;
    refs.set(ref, oid);
    if (refs.size > MAX_REFS) throw remoteFailed(shown, `it has more than ${MAX_REFS} refs`);
  }
  const format = [...capabilities].find(word => word.startsWith('object-format='));
  if (format !== undefined && format !== 'object-format=sha1')
    throw remoteFailed(shown, 'its objects are named by SHA-256, and only SHA-1 is known here');
  if (!capabilities.has('report-status'))
    throw remoteFailed(shown, 'its server does not tell what became of a push');
  return { url: remote, options, refs, capabilities };
}

/**
 * Moves refs of a repository on, with what it lacks. When this fails otherwise than by a refusal, it is not known whether the refs
 * were moved: {@link openForPush} tells.
 * @param pack everything that the refs lead to and the server does not have; sent as it comes
 * @throws KittiwakeError `remote_push_refused` with what the server says; `remote_failed`; those of {@link askRemote}; what `pack` throws
 */
export async function pushPack(
  { url, options, capabilities }: ReceivingRemote,
  refs: readonly PushedRef[],
  pack: AsyncIterable<Uint8Array>,
): Promise<void> {
  const isBanded = capabilities.has('side-band-64k');
  const asked = ['report-status', ...(isBanded ? ['side-band-64k'] : []), 'agent=kittiwake'].join(' ');
  const lines = refs.map(({ ref, before = NOTHING, after }, index) =>
    packet(`${before} ${after} ${ref}${index === 0 ? `\0 ${asked}` : ''}\n`),
  );
  const headers = {
    'content-type': `application/x-${SERVICE}-request`,
    accept: `application/x-${SERVICE}-result`,
  };
  const body = joined(Buffer.from(lines.join('') + FLUSH), pack);
  const answer = await askRemote(url, { method: 'POST', path: `/${SERVICE}`, headers, body }, options);
  const said: string[] = [];
  const bounded = atMost(answer.body, url.shown);
  const report = isBanded ? unbanded(bounded, url.shown, said) : bounded;
  await checkReport(report, url.shown, refs, said);
}

async function* joined(head: Buffer, pack: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  yield* pack;
}

async function* atMost(source: AsyncIterable<Uint8Array>, shown: string): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw remoteFailed(shown, 'it answers more than any git server does');
    yield chunk;
  }
}

/** The first of the bands in which an answer comes; what is said in the second goes to `said`. */
async function* unbanded(
  source: AsyncIterable<Uint8Array>,
  shown: string,
  said: string[],
): AsyncGenerator<Uint8Array> {
  for await (const each of readPackets(source, shown)) {
    if (each.kind !== 'data') continue;
    const [band] = each.bytes;
    const content = each.bytes.subarray(1);
    if (band === 1) yield content;
    if (band === 2) said.push(...textOf(content).split(/[\r\n]+/));
    if (band === 3) throw remotePushRefused(shown, quoted(textOf(content)), []);
  }
}

/** Reads `report-status`, which names every ref. */
async function checkReport(
  report: AsyncIterable<Uint8Array>,
  shown: string,
  refs: readonly PushedRef[],
  said: readonly string[],
): Promise<void> {
  const missing = new Set(refs.map(({ ref }) => ref));
  for await (const each of readPackets(report, shown)) {
    if (each.kind !== 'data') continue;
    const line = textOf(each.bytes);
    const [, ref, reason] = /^ng (\S+) (.*)$/s.exec(line) ?? [];
    if (ref !== undefined) throw remotePushRefused(shown, quoted(reason ?? ''), shownLines(said));
    if (line.startsWith('unpack ') && line !== 'unpack ok')
      throw remotePushRefused(shown, quoted(line.slice(7)), shownLines(said));
    if (line.startsWith('ok ')) missing.delete(line.slice(3));
  }
  if (missing.size > 0) throw remoteFailed(shown, 'it does not tell what became of the push');
}

function shownLines(said: readonly string[]): string[] {
  return said
    .filter(line => line.trim() !== '')
    .slice(0, 20)
    .map(line => line.slice(0, 300));
}

function quoted(text: string): string {
  return JSON.stringify(text.trim().slice(0, 300));
}

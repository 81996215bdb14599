import { forbidden } from '../auth/errors.ts';
import { isKittiwakeError } from '../core/errors.ts';
import type { GitServices } from '../http/git-services.ts';
import type { HttpResponse } from '../http/message.ts';
import type { Context } from '../http/route.ts';
import { FLUSH, packet } from '../net/git/pkt-line.ts';
import { PacketReader } from './packet-reader.ts';
import { push } from './push.ts';
import { pushReport } from './push-report.ts';
import { demandWholeHistory } from './read-rights.ts';
import { readHead, ZERO_OID } from './receive-head.ts';
import { bodyChunks } from './request-body.ts';
import { servicesOf } from './served.ts';
import { shownRefs } from './shown-refs.ts';

const SERVICE = 'git-receive-pack';

/** What is offered is all of it or nothing, whether or not `atomic` is asked for. */
const CAPABILITIES = [
  'report-status',
  'report-status-v2',
  'delete-refs',
  'side-band-64k',
  'quiet',
  'atomic',
  'ofs-delta',
  'object-format=sha1',
  'agent=kittiwake',
].join(' ');

/**
 * What a push begins with: `info/refs?service=git-receive-pack`, the refs as they are (gitprotocol-pack(5), "Reference Discovery").
 * @throws KittiwakeError `forbidden` to who may write nowhere
 */
export async function advertiseReceive(context: Context, git: GitServices): Promise<HttpResponse> {
  const view = await git.repository.view({ maxAgeMs: 0 });
  if (!git.mayWrite(view.policy)) throw forbidden('write');
  await demandWholeHistory(git, view, context.principal);
  const { refs } = await shownRefs(git, view);
  const lines =
    refs.length > 0 ? refs.map(({ oid, name }) => `${oid} ${name}`) : [`${ZERO_OID} capabilities^{}`];
  const packets = lines.map((line, index) => packet(`${line}${index === 0 ? `\0${CAPABILITIES}` : ''}\n`));
  const body = [packet(`# service=${SERVICE}\n`), FLUSH, ...packets, FLUSH].join('');
  return answer('advertisement', Buffer.from(body));
}

/** A push (gitprotocol-pack(5), "Pushing Data To a Server"). What becomes of it stands in the answer, which is one of status 200. */
export async function receivePack(context: Context): Promise<HttpResponse> {
  const git = await servicesOf(context);
  const { body, deadlineMs } = context.request;
  const packets = new PacketReader(bodyChunks(context.request));
  const head = await readHead(packets);
  if (head === undefined) return answer('result', Buffer.alloc(0));
  // What is read as it comes may take longer than a request that is here.
  const isHere = body instanceof Uint8Array;
  const refusal = await push(git, head.updates, {
    principal: context.principal,
    pack: packets.rest(),
    ...(isHere && deadlineMs !== undefined ? { deadlineMs } : {}),
  });
  if (refusal !== undefined) await drain(packets, git.settings.gitMaxPushBytes);
  return answer('result', pushReport(head, refusal));
}

/** A client reads no answer before it has sent everything. */
async function drain(packets: PacketReader, maxBytes: number): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of packets.rest()) {
      bytes += chunk.length;
      if (bytes > maxBytes) return;
    }
  } catch (error) {
    if (!isKittiwakeError(error)) throw error;
  }
}

function answer(kind: 'advertisement' | 'result', body: Buffer): HttpResponse {
  const headers = { 'content-type': `application/x-${SERVICE}-${kind}`, 'cache-control': 'no-cache' };
  return { status: 200, headers, body };
}

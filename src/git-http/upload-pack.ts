import { isKittiwakeError } from '../core/errors.ts';
import type { GitServices } from '../http/git-services.ts';
import type { HttpResponse } from '../http/message.ts';
import type { Context } from '../http/route.ts';
import { publicText, statusOf } from '../http/status.ts';
import { FLUSH, packet } from '../net/git/pkt-line.ts';
import { type Command, readCommand } from './command.ts';
import { gitRequestInvalid, gitVersionOld } from './errors.ts';
import { answerFetch } from './fetch.ts';
import { parseFetch } from './fetch-args.ts';
import { lsRefs } from './ls-refs.ts';
import { demandWholeHistory } from './read-rights.ts';
import { servicesOf } from './served.ts';
import { serveVersion } from './served-version.ts';
import { shownRefs } from './shown-refs.ts';

/**
 * Without `ref-in-want`: git clones with it, and sets its branch to what `ls-refs` had told. Of a shallow clone beside writers that
 * may lie below where it ends by then.
 */
const CAPABILITIES = [
  'version 2',
  'agent=kittiwake',
  'ls-refs=unborn',
  'fetch=shallow wait-for-done filter',
  'object-format=sha1',
];

/** Nothing of an exchange may be kept by what stands between. */
const NEVER_KEPT = {
  'cache-control': 'no-cache, max-age=0, must-revalidate',
  expires: 'Fri, 01 Jan 1980 00:00:00 GMT',
  pragma: 'no-cache',
};

/**
 * What a fetch begins with: `info/refs?service=git-upload-pack`. Clients of older versions are told so in a way that they show.
 * @throws KittiwakeError `forbidden`
 */
export async function advertiseUpload(context: Context, git: GitServices): Promise<HttpResponse> {
  const view = await git.repository.view({ maxAgeMs: 0 });
  await demandWholeHistory(git, view, context.principal);
  const lines = isVersion2(context)
    ? CAPABILITIES.map(line => packet(`${line}\n`))
    : [packet(`ERR ${gitVersionOld().message} (git_protocol_unsupported)\n`)];
  const body = `${packet('# service=git-upload-pack\n')}${FLUSH}${lines.join('')}${FLUSH}`;
  return answer('advertisement', body);
}

/** `ls-refs` and `fetch`. @throws KittiwakeError `forbidden`, `git_server_off`, `git_repository_absent` */
export async function uploadPack(context: Context): Promise<HttpResponse> {
  const git = await servicesOf(context);
  const view = await git.repository.view({ maxAgeMs: 0 });
  await demandWholeHistory(git, view, context.principal);
  try {
    if (!isVersion2(context)) throw gitVersionOld();
    const command = await readCommand(context.request);
    return answer('result', command === undefined ? '' : await carryOut(git, view, command));
  } catch (error) {
    if (!isKittiwakeError(error) || statusOf(error) >= 500) throw error;
    git.refused('fetch', error);
    return answer('result', packet(`ERR ${publicText(error)} (${error.code})\n`));
  }
}

async function carryOut(
  git: GitServices,
  view: Awaited<ReturnType<GitServices['repository']['view']>>,
  { name, args }: Command,
): Promise<HttpResponse['body']> {
  if (name === 'ls-refs') return lsRefs(args, await shownRefs(git, view));
  if (name !== 'fetch') throw gitRequestInvalid(`${JSON.stringify(name.slice(0, 100))} is no command`);
  return await answerFetch(git, await serveVersion(git, view), parseFetch(args));
}

function isVersion2({ request }: Context): boolean {
  return (request.headers['git-protocol'] ?? '').split(':').includes('version=2');
}

function answer(kind: 'advertisement' | 'result', body: HttpResponse['body']): HttpResponse {
  return {
    status: 200,
    headers: { 'content-type': `application/x-git-upload-pack-${kind}`, ...NEVER_KEPT },
    body,
  };
}

import { createClient, type KittiwakeClient } from '../../client/client.ts';
import { readPackets, textOf } from '../../net/git/pkt-line.ts';
import { askGit, type Credential, credentialOfEnvironment, credentialOfUrl, tellGit } from './credential.ts';
import { notHttp, wikiRefused, wikiUnreachable } from './errors.ts';

/** The wiki at the other end. */
export interface PushedWiki {
  /** Without user name and password. */
  shown: string;
  /** Full names to ids. */
  refs: ReadonlyMap<string, string>;
  /** Its pushes, in the manner of imports. */
  pushes: KittiwakeClient['imports'];
}

const RECEIVE = '/info/refs?service=git-receive-pack';
const NOTHING = '0'.repeat(40);
/** Characters of a refusal. */
const MAX_SAID = 2_000;

/**
 * Asks the wiki what it has. Credentials are those of the URL, else KITTIWAKE_TOKEN, else what git finds where the wiki wants some.
 * @throws KittiwakeError `usage`, `push_refused`
 */
export async function openPushedWiki(given: string, signal: AbortSignal): Promise<PushedWiki> {
  const url = URL.parse(given);
  if (url === null || !/^https?:$/.test(url.protocol)) throw notHttp();
  const known = credentialOfUrl(url) ?? credentialOfEnvironment(process.env);
  url.username = '';
  url.password = '';
  const shown = url.href.replace(/\/+$/, '');
  const first = await ask(shown, known, signal);
  const asked = first.status === 401 && known === undefined ? await askGit(url, signal) : undefined;
  const answer = asked === undefined ? first : await ask(shown, asked, signal);
  if (asked) await tellGit(url, asked, answer.status !== 401, signal);
  if (answer.status !== 200) throw wikiRefused(shown, answer.status, await saidBy(answer));
  const refs = await refsOf(answer, shown);
  return { shown, refs, pushes: pushesOf(shown, asked ?? known) };
}

async function ask(
  shown: string,
  credential: Credential | undefined,
  signal: AbortSignal,
): Promise<Response> {
  const headers = credential === undefined ? {} : { authorization: basic(credential) };
  try {
    return await fetch(`${shown}${RECEIVE}`, { headers, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw wikiUnreachable(shown, error);
  }
}

function basic({ user, password }: Credential): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** A wiki says in plain text what is wrong; others may send pages. */
async function saidBy(answer: Response): Promise<string> {
  const type = answer.headers.get('content-type') ?? '';
  if (!type.startsWith('text/plain')) return '';
  // What a terminal would obey.
  return (await answer.text())
    .trim()
    .slice(0, MAX_SAID)
    .replace(/\p{Cc}+/gu, ' ');
}

async function refsOf({ body, headers }: Response, shown: string): Promise<Map<string, string>> {
  if (headers.get('content-type') !== 'application/x-git-receive-pack-advertisement' || body === null)
    throw wikiRefused(shown, 200, 'there is no repository that takes pushes');
  const refs = new Map<string, string>();
  for await (const each of readPackets(body, shown)) {
    if (each.kind !== 'data') continue;
    const [line = ''] = textOf(each.bytes).split('\0');
    const [, oid, ref] = /^([0-9a-f]{40}) (\S+)$/.exec(line) ?? [];
    if (oid !== undefined && ref !== undefined && oid !== NOTHING) refs.set(ref, oid);
  }
  return refs;
}

/** What the client library does with imports, at the address of the repository. */
function pushesOf(shown: string, basic: Credential | undefined): KittiwakeClient['imports'] {
  const imports = `${shown}/api/v1/imports`;
  const { imports: calls } = createClient({
    url: shown,
    ...(basic === undefined ? {} : { basic }),
    fetch(input, init) {
      const to = String(input);
      return fetch(to.startsWith(imports) ? `${shown}/pushes${to.slice(imports.length)}` : to, init);
    },
  });
  return calls;
}

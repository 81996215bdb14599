import { tryGit } from './run-git.ts';

export interface Credential {
  user: string;
  password: string;
}

/** What the environment says: a token, the server's key or a JWT. */
export function credentialOfEnvironment({
  KITTIWAKE_TOKEN: token,
}: NodeJS.ProcessEnv): Credential | undefined {
  return token === undefined || token === '' ? undefined : { user: 'git', password: token };
}

export function credentialOfUrl({ username, password }: URL): Credential | undefined {
  if (username === '' && password === '') return undefined;
  return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/** Has git find it, which may ask on the terminal (git-credential(1)). Undefined: it finds none. */
export async function askGit(url: URL, signal: AbortSignal): Promise<Credential | undefined> {
  const { status, out } = await tryGit(['credential', 'fill'], { input: described(url), signal });
  const fields = new Map(out.split('\n').map(line => [line.split('=', 1)[0], line.replace(/^[^=]*=/, '')]));
  const password = fields.get('password');
  if (status !== 0 || password === undefined) return undefined;
  return { user: fields.get('username') ?? '', password };
}

/** Tells the helper whether what it gave was right: it keeps it, or asks again next time. */
export async function tellGit(
  url: URL,
  { user, password }: Credential,
  isRight: boolean,
  signal: AbortSignal,
): Promise<void> {
  const input = `${described(url).trimEnd()}\nusername=${user}\npassword=${password}\n\n`;
  await tryGit(['credential', isRight ? 'approve' : 'reject'], { input, signal });
}

function described({ protocol, host, pathname }: URL): string {
  return `protocol=${protocol.replace(':', '')}\nhost=${host}\npath=${pathname.slice(1)}\n\n`;
}

import type { Ranges } from '../net/addresses.ts';
import { literalOf, mayReach } from '../net/addresses.ts';
import { isHttpUrl, parseRemoteUrl } from '../net/git/remote-url.ts';
import { remoteInvalid } from './errors.ts';
import { PREFERENCES, type Preference, type Remote } from './remote.ts';

const MAX_URL = 500;
const MAX_MINUTES = 60 * 24 * 31;

/** What can be wished for of a remote. */
export interface RemoteWish {
  url?: string;
  /** Empty: that of its HEAD. */
  branch?: string;
  pull?: boolean;
  push?: boolean;
  /** 0: not by schedule; else 1 to 44,640. */
  everyMinutes?: number;
  afterCommits?: boolean;
  webhook?: boolean;
  prefer?: string;
  /** Name of credentials; empty: none. */
  credentials?: string;
  active?: boolean;
}

/** @throws KittiwakeError `remote_invalid` */
export function checkName(name: string): string {
  if (/^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/.test(name)) return name;
  throw remoteInvalid(
    `its name is ${JSON.stringify(name.slice(0, 100))}, wanted up to 50 lower-case letters, digits and hyphens between them`,
  );
}

/**
 * What was wished for, as it is kept.
 * @throws KittiwakeError `remote_invalid`
 */
export function checkWish(wish: RemoteWish, allowed: Ranges): Partial<Remote> {
  const { url, branch, prefer, credentials, everyMinutes, ...flags } = wish;
  const { pull, push, afterCommits, webhook, active } = flags;
  return {
    ...(url === undefined ? {} : { url: checkUrl(url, allowed) }),
    ...(branch === undefined ? {} : { branch: checkBranch(branch) }),
    ...(prefer === undefined ? {} : { prefer: checkPreference(prefer) }),
    ...(credentials === undefined ? {} : { credentials: checkCredentials(credentials) }),
    ...(everyMinutes === undefined ? {} : { everyMinutes: checkMinutes(everyMinutes) }),
    ...(pull === undefined ? {} : { pull }),
    ...(push === undefined ? {} : { push }),
    ...(afterCommits === undefined ? {} : { afterCommits }),
    ...(webhook === undefined ? {} : { webhook }),
    ...(active === undefined ? {} : { active }),
  };
}

/** What makes no sense together. @throws KittiwakeError `remote_invalid` */
export function checkWhole({ pull, push, afterCommits, webhook }: Remote): void {
  if (!pull && !push) throw remoteInvalid('nothing is pulled and nothing is pushed, set one of them');
  if (afterCommits && !push)
    throw remoteInvalid('after commits something is pushed, set push or no after_commits');
  if (webhook && !pull) throw remoteInvalid('the webhook pulls, set pull or no webhook');
}

function checkUrl(text: string, allowed: Ranges): string {
  if (!isHttpUrl(text) || text.length > MAX_URL)
    throw remoteInvalid(`"url" is no URL of https or http of up to ${MAX_URL} characters`);
  const { shown, authorization } = parsedUrl(text);
  if (authorization !== undefined)
    throw remoteInvalid('"url" holds a user name or a password: name credentials of the settings instead');
  const { protocol, hostname } = new URL(shown);
  const literal = literalOf(hostname);
  if (literal !== undefined && !mayReach(literal, allowed))
    throw remoteInvalid(
      `"url" leads to ${literal}, which is not public and not allowed by KITTIWAKE_REMOTE_ALLOW`,
    );
  const isInside = literal !== undefined && !mayReach(literal, []);
  if (protocol === 'http:' && !isInside)
    throw remoteInvalid(
      '"url" is of http, which is for addresses that KITTIWAKE_REMOTE_ALLOW names; use https',
    );
  return shown;
}

function parsedUrl(text: string): ReturnType<typeof parseRemoteUrl> {
  try {
    return parseRemoteUrl(text);
  } catch (error) {
    throw remoteInvalid((error as Error).message);
  }
}

/** The rules of git-check-ref-format(1) for what follows `refs/heads/`. */
function checkBranch(branch: string): string {
  const isWrong =
    branch.length > 200 ||
    /[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|^[-/.]|\/\.|[/.]$|\.lock(?:\/|$)|^@$/u.test(branch);
  if (isWrong)
    throw remoteInvalid(`"branch" is ${JSON.stringify(branch.slice(0, 200))}, which no branch is named`);
  return branch;
}

function checkPreference(text: string): Preference {
  const found = PREFERENCES.find(each => each === text);
  if (found === undefined)
    throw remoteInvalid(`"prefer" is ${JSON.stringify(text.slice(0, 50))}, wanted ours or theirs`);
  return found;
}

function checkCredentials(name: string): string {
  if (/^[A-Za-z0-9_.-]{0,64}$/.test(name)) return name;
  throw remoteInvalid(
    '"credentials" is the name of what the settings hold: letters, digits, "_", "-" and "."',
  );
}

function checkMinutes(minutes: number): number {
  if (Number.isSafeInteger(minutes) && minutes >= 0 && minutes <= MAX_MINUTES) return minutes;
  throw remoteInvalid(`"every_minutes" is ${minutes}, wanted a whole number from 0 to ${MAX_MINUTES}`);
}

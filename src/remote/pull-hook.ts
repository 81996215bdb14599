import { isKittiwakeError } from '../core/errors.ts';
import { hookAbsent } from './errors.ts';
import type { Remote } from './remote.ts';
import type { Remotes } from './remotes.ts';
import type { RunOutcome } from './run-remote.ts';

/** What whoever calls a webhook is told; nothing of the remote but how it went. */
export interface HookAnswer {
  status: 'success' | 'pending' | 'error';
  message: string;
  /** Of an error. */
  code?: string;
  /** When the last pull ended, in milliseconds since the epoch. */
  atMs?: number;
}

export interface PullHookOptions {
  remotes: Remotes;
  /** Undefined: nothing is set, and there are no webhooks. */
  secret: string | undefined;
  run(name: string): Promise<RunOutcome>;
}

export interface PullHook {
  /** Pulls now. @throws KittiwakeError `remote_hook_absent` */
  call(hash: string): Promise<HookAnswer>;
  /** How the last pull went. @throws KittiwakeError `remote_hook_absent` */
  status(hash: string): Promise<HookAnswer>;
}

/** HMAC-SHA256 of the URL that is pulled from, in hex: what Otterwiki has in the path of its webhook. */
export function hookHash(secret: string, url: string): string {
  return process.getBuiltinModule('node:crypto').createHmac('sha256', secret).update(url).digest('hex');
}

/** The path of a remote's webhook; undefined: it has none. */
export function hookPath(secret: string | undefined, { webhook, url }: Remote): string | undefined {
  return webhook && secret !== undefined ? `/-/api/v1/pull/${hookHash(secret, url)}` : undefined;
}

export function createPullHook(options: PullHookOptions): PullHook {
  return {
    async call(hash) {
      let answer: HookAnswer = { status: 'success', message: 'Pull finished' };
      for (const { name } of await calledBy(options, hash)) {
        const now = await pulled(options, name);
        if (answer.status !== 'error') answer = now.status === 'success' ? answer : now;
      }
      return answer;
    },
    async status(hash) {
      const answers = (await calledBy(options, hash)).map(statusOf);
      return (
        answers.find(({ status }) => status === 'error') ??
        answers.find(({ status }) => status === 'pending') ??
        (answers[0] as HookAnswer)
      );
    },
  };
}

/** Several may pull from one URL. @throws KittiwakeError `remote_hook_absent` */
async function calledBy({ remotes, secret }: PullHookOptions, hash: string): Promise<Remote[]> {
  if (secret === undefined || !/^[0-9a-f]{64}$/.test(hash)) throw hookAbsent();
  const { timingSafeEqual } = process.getBuiltinModule('node:crypto');
  const given = Buffer.from(hash);
  const called = (await remotes.list()).filter(({ active, webhook, url }) => {
    const isEqual = timingSafeEqual(Buffer.from(hookHash(secret, url)), given);
    return isEqual && active && webhook;
  });
  if (called.length === 0) throw hookAbsent();
  return called;
}

async function pulled({ run }: PullHookOptions, name: string): Promise<HookAnswer> {
  try {
    const outcome = await run(name);
    if (outcome.kind === 'pending') return { status: 'pending', message: 'Pull is under way' };
    const isConflict = outcome.result.pull?.outcome === 'conflicts';
    return { status: 'success', message: isConflict ? 'Pull finished with conflicts' : 'Pull finished' };
  } catch (error) {
    return {
      status: 'error',
      message: 'Pull failed',
      code: isKittiwakeError(error) ? error.code : 'internal',
    };
  }
}

function statusOf({ requested, status }: Remote): HookAnswer {
  const { lastError, lastSuccessMs } = status;
  if (lastError !== undefined)
    return { status: 'error', message: 'Pull failed', code: lastError.code, atMs: lastError.atMs };
  if (requested !== undefined || lastSuccessMs === undefined)
    return { status: 'pending', message: 'Pull is under way' };
  return { status: 'success', message: 'Pull finished', atMs: lastSuccessMs };
}

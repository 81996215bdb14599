import { hashParts } from '../core/bytes.ts';
import { idempotencyOf } from '../http/write.ts';
import type { WriteOptions } from '../wiki/wiki.ts';
import type { Session } from './session.ts';

/** Arguments of every write. */
export interface WriteArguments {
  commit_message?: string;
  dry_run?: boolean;
  idempotency_key?: string;
}

export interface WriteCall {
  tool: string;
  args: WriteArguments;
  /** Default: the wiki's own. */
  defaultMessage?: string;
}

/**
 * Who writes, and how. Messages begin with `[mcp] `, by which the history tells the changes of models from others.
 * @throws KittiwakeError `idempotency_key_invalid`
 */
export async function writeOptions(
  session: Session,
  { tool, args, defaultMessage }: WriteCall,
): Promise<WriteOptions> {
  const { principal, deadlineMs } = session;
  const { commit_message: given, dry_run: dryRun, idempotency_key: key } = args;
  const message = given ? `[mcp] ${given}` : defaultMessage;
  return {
    ...(principal.author ? { author: principal.author } : {}),
    ...(message === undefined ? {} : { commitMessage: message }),
    ...(dryRun ? { dryRun } : {}),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(key ? { idempotency: await idempotencyOf(session, key, fingerprintOf(tool, args)) } : {}),
  };
}

/** The same for the same call, in whichever order its arguments came. */
function fingerprintOf(tool: string, args: object): string {
  return hashParts('mcp', tool, JSON.stringify(Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1))));
}

import { KittiwakeError } from '../core/errors.ts';
import type { Oid } from '../git/object/objects.ts';

export function remoteInvalid(reason: string): KittiwakeError {
  return new KittiwakeError('remote_invalid', `Setting up a remote: ${reason}`);
}

export function remotesFull(maxRemotes: number): KittiwakeError {
  return new KittiwakeError(
    'remotes_full',
    `Setting up a remote: there are ${maxRemotes}, the most there can be; delete one first`,
    { data: { maxRemotes } },
  );
}

export function remoteExists(name: string): KittiwakeError {
  return new KittiwakeError('remote_exists', `Setting up a remote: there is one named "${name}" already`);
}

export function remoteNotFound(name: string): KittiwakeError {
  return new KittiwakeError('remote_not_found', `Remote not found: ${name}`);
}

export function remotesUnreadable(): KittiwakeError {
  return new KittiwakeError('object_unreadable', 'Reading a document: it holds no remotes as they should be');
}

export function conflictAbsent(name: string, id: string): KittiwakeError {
  return new KittiwakeError(
    'remote_conflict_absent',
    `Settling a conflict with the remote "${name}": there is none named ${JSON.stringify(id.slice(0, 100))}`,
  );
}

/** Another run works on it. */
export function remoteBusy(name: string, untilMs: number): KittiwakeError {
  return new KittiwakeError(
    'remote_busy',
    `Working on the remote "${name}": another run is at it, until ${new Date(untilMs).toISOString()} at most; try again later`,
  );
}

/** @param reason says what is wrong, and never what the credentials are */
export function credentialsRefused(name: string, reason: string): KittiwakeError {
  return new KittiwakeError(
    'remote_credentials_refused',
    `Using the credentials ${JSON.stringify(name)}: ${reason}`,
  );
}

/** Whoever asked may not push or pull in this direction. */
export function directionOff(name: string, direction: 'pull' | 'push'): KittiwakeError {
  return new KittiwakeError(
    'remote_invalid',
    `Working on the remote "${name}": ${direction === 'pull' ? 'nothing is pulled from it' : 'nothing is pushed to it'}; change the remote first`,
  );
}

export function remoteUnrelated(name: string, theirs: Oid): KittiwakeError {
  return new KittiwakeError(
    'remote_unrelated',
    `Pulling from the remote "${name}": its history (${theirs.slice(0, 10)}) and that of the wiki have no commit in common; pull into an empty wiki, or push to an empty repository`,
  );
}

export function remoteRewritten(name: string, before: Oid, theirs: Oid, ref: string): KittiwakeError {
  return new KittiwakeError(
    'remote_rewritten',
    `Pulling from the remote "${name}": its history was replaced, ${theirs.slice(0, 10)} does not build on ${before.slice(0, 10)}; it is kept as "${ref}" and not merged, pull with accept_rewritten to merge it`,
    { data: { before, theirs, ref } },
  );
}

/** Only pulling helps. */
export function remoteAhead(name: string, theirs: Oid): KittiwakeError {
  return new KittiwakeError(
    'remote_ahead',
    `Pushing to the remote "${name}": it has commits that the wiki has not (${theirs.slice(0, 10)}); pull first`,
    { data: { theirs } },
  );
}

/** The wiki got commits again and again while something was merged into it. */
export function remoteMoved(name: string): KittiwakeError {
  return new KittiwakeError(
    'remote_moved',
    `Pulling from the remote "${name}": the wiki was changed meanwhile, again and again; try again later`,
  );
}

/** Also when pulling by webhook is off: whoever calls learns nothing. */
export function hookAbsent(): KittiwakeError {
  return new KittiwakeError('remote_hook_absent', 'Not found');
}

export function remoteLate(name: string, timeoutMs: number): KittiwakeError {
  return new KittiwakeError(
    'remote_late',
    `Working on the remote "${name}": it took longer than ${timeoutMs} ms; try again later`,
  );
}

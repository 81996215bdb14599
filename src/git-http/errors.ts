import { KittiwakeError } from '../core/errors.ts';

/** Clones and pushes are switched off: there is nothing at the address. */
export function gitServerOff(): KittiwakeError {
  return new KittiwakeError('git_server_off', 'Git is not served here: KITTIWAKE_GIT_SERVER is off');
}

/** @param wiki what is served here */
export function gitRepositoryAbsent(wiki: string): KittiwakeError {
  const text = `There is no repository at this address: that of the wiki is at "/.git" and "/${wiki}.git"`;
  return new KittiwakeError('git_repository_absent', text, { data: { wiki } });
}

/** The client asks for files of the repository, as for those of a folder that a web server shows. */
export function gitTooOld(): KittiwakeError {
  return new KittiwakeError(
    'git_protocol_unsupported',
    'Reading refs fails: this server speaks the smart protocol only, use git 1.6.6 or newer',
  );
}

export function gitServiceUnknown(service: string): KittiwakeError {
  return new KittiwakeError(
    'git_protocol_unsupported',
    `Reading refs fails: the service is ${JSON.stringify(service)}, wanted git-upload-pack or git-receive-pack`,
  );
}

/** Older ways to fetch. */
export function gitVersionOld(): KittiwakeError {
  return new KittiwakeError(
    'git_protocol_unsupported',
    'Fetching needs version 2 of the protocol: use git 2.26 or newer, or "git config --global protocol.version 2"',
  );
}

/** The setting lets nobody push it. */
export function gitRefRefused(ref: string, instead: string): KittiwakeError {
  return new KittiwakeError('git_ref_refused', `Changing ${JSON.stringify(ref)} fails: ${instead}`, {
    data: { ref },
  });
}

/** @param what says what is wrong with what the client sent */
export function gitRequestInvalid(what: string): KittiwakeError {
  return new KittiwakeError('git_request_invalid', `The request is not one of git's: ${what}`);
}

/** @param what with its limit */
export function gitRequestTooLarge(what: string): KittiwakeError {
  return new KittiwakeError('git_request_too_large', `The request is too large: ${what}`);
}

/** An object that is not reachable from what is advertised, whether or not it is there. */
export function gitNotOurRef(oid: string): KittiwakeError {
  return new KittiwakeError('git_not_our_ref', `upload-pack: not our ref ${oid}`, { data: { oid } });
}

/** Whoever has a clone has all of its history. @param why names the rule */
export function historyHidden(why: string): KittiwakeError {
  return new KittiwakeError(
    'forbidden',
    `Not allowed: fetching needs the right to read every path that exists or ever existed, and ${why}`,
    { data: { needed: 'read' } },
  );
}

/** @param what was asked for and is not offered */
export function gitUnsupported(what: string): KittiwakeError {
  return new KittiwakeError('git_request_unsupported', `Fetching fails: ${what}`);
}

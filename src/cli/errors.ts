import { KittiwakeError } from '../core/errors.ts';

/** Misuse of the command line: exit code 2. */

/** @param meant commands that it may stand for */
export function commandUnknown(name: string, meant: readonly string[]): KittiwakeError {
  const known = meant.map(command => `"${command}"`).join(', ');
  const hint = meant.length === 0 ? 'see "kittiwake help"' : `did you mean ${known}?`;
  return new KittiwakeError('usage', `Unknown command "${name}": ${hint}`);
}

export function argumentsWrong(command: string, given: number, usage: string): KittiwakeError {
  return new KittiwakeError(
    'usage',
    `Wrong number of arguments of "${command}", ${given}: it must be ${usage}`,
  );
}

export function optionInvalid(flag: string, value: string, wanted: string): KittiwakeError {
  return new KittiwakeError('usage', `Invalid ${flag} "${value}": it must be ${wanted}`);
}

export function optionMissing(flag: string, wanted: string): KittiwakeError {
  return new KittiwakeError('usage', `Missing ${flag}: it must be ${wanted}`);
}

export function optionsContradict(first: string, second: string): KittiwakeError {
  return new KittiwakeError('usage', `Conflicting ${first} and ${second}: choose one of them`);
}

export function optionUnused(flag: string, why: string): KittiwakeError {
  return new KittiwakeError('usage', `Cannot use ${flag} here: ${why}`);
}

/** Of a command that takes any number of them, and needs one. */
export function operandsMissing(command: string, wanted: string): KittiwakeError {
  return new KittiwakeError('usage', `Nothing to ${command}: give ${wanted}`);
}

export function folderNotOurs(folder: string, name: string): KittiwakeError {
  return new KittiwakeError(
    'folder_not_ours',
    `Cannot create a wiki in "${folder}": it is not empty (it holds "${name}"); choose an empty --data, or run "kittiwake wiki create" to create it there`,
  );
}

export function prefixNotOurs(store: string, key: string): KittiwakeError {
  return new KittiwakeError(
    'folder_not_ours',
    `Cannot create a wiki in "${store}": it is not empty (it holds "${key}"); choose an empty prefix, for example ${store}/wiki, or run "kittiwake wiki create" to create it there`,
  );
}

export function wikiNameless(store: string, key: string): KittiwakeError {
  const uuid = key.split('/')[1];
  return new KittiwakeError(
    'wiki_lost',
    `Cannot create a wiki in "${store}": it holds "${key}" and no name of a wiki; serve that one with --wiki ${uuid}, see "kittiwake restore", or run "kittiwake wiki create" to create another one there`,
  );
}

export function keyFileFailed(file: string, action: 'read' | 'write', cause: unknown): KittiwakeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new KittiwakeError('key_file_failed', `Cannot ${action} the API key in "${file}": ${reason}`, {
    cause,
  });
}

export function keyFileInvalid(file: string): KittiwakeError {
  return new KittiwakeError(
    'key_file_invalid',
    `Cannot use the API key in "${file}": it must be one line of printable ASCII without spaces; delete the file to have a new key made`,
  );
}

export function listenFailed(address: string, cause: NodeJS.ErrnoException): KittiwakeError {
  const why =
    cause.code === 'EADDRINUSE'
      ? 'another program listens there; choose another --port, or --port 0 for a free one'
      : cause.code === 'EACCES'
        ? 'this user may not listen there; choose a --port above 1023'
        : cause.message;
  return new KittiwakeError('listen_failed', `Cannot listen on ${address}: ${why}`, { cause });
}

export function targetNotEmpty(path: string): KittiwakeError {
  return new KittiwakeError(
    'target_not_empty',
    `Cannot export to "${path}": it exists and is not an empty folder`,
  );
}

export function targetFailed(path: string, cause: unknown): KittiwakeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new KittiwakeError('target_failed', `Cannot write "${path}": ${reason}`, { cause });
}

export function versionNotBefore(time: string): KittiwakeError {
  return new KittiwakeError(
    'version_not_found',
    `Looking for a version stored before ${time} fails: none is kept that can be read; "kittiwake restore" lists them`,
  );
}

export function projectionUnknown(name: string, known: readonly string[]): KittiwakeError {
  return new KittiwakeError(
    'projection_unknown',
    `Looking for a projection: there is none called "${name}", there are ${known.join(', ')}`,
    { data: { name, known } },
  );
}

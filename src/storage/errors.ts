import { KittiwakeError } from '../core/errors.ts';

/** The key is not one that every backend can hold; nothing was touched. */
export function storageKeyInvalid(key: string, reason: string): KittiwakeError {
  return new KittiwakeError('storage_key_invalid', `Using the key ${JSON.stringify(key)} failed: ${reason}`, {
    data: { key, reason },
  });
}

/** The key is taken by something of another kind; nothing was touched. */
export function storageKeyClash(key: string, path: string, current: string, wanted: string): KittiwakeError {
  return new KittiwakeError(
    'storage_key_clash',
    `Writing the ${wanted} "${key}" failed: "${path}" is ${current}, it must be absent or of the same kind`,
    { data: { key, path, current, wanted } },
  );
}

/** The caller's signal was aborted before the call began; nothing was touched. */
export function storageAborted(action: string, key: string, cause: unknown): KittiwakeError {
  return new KittiwakeError('storage_failed', `${action} "${key}" failed: the caller gave up`, {
    data: { key },
    cause,
  });
}

/** What is stored under `path` is not what any put could have left there. */
export function storageDamaged(key: string, path: string, found: string): KittiwakeError {
  return new KittiwakeError('storage_failed', `Reading "${key}" failed: "${path}" ${found}`, {
    data: { key, path },
  });
}

const meanings: Readonly<Record<string, { code: string; text: string }>> = {
  ENOSPC: { code: 'storage_full', text: 'no space is left' },
  EDQUOT: { code: 'storage_full', text: 'the disk quota is used up' },
  EACCES: { code: 'storage_denied', text: 'the permission is missing' },
  EPERM: { code: 'storage_denied', text: 'the operation is not permitted' },
  EROFS: { code: 'storage_denied', text: 'the file system is read-only' },
};

/**
 * Turns what a file-system call threw into `storage_full`, `storage_denied` or `storage_failed`. `action` begins the
 * message ("Writing"), `path` is named when the error itself names no file. A KittiwakeError passes unchanged.
 */
export function storageFailure(action: string, key: string, path: string, cause: unknown): KittiwakeError {
  if (cause instanceof KittiwakeError) return cause;
  const { code = 'unexpected error', syscall = 'call', ...rest } = fieldsOf(cause);
  const file = rest.dest ?? rest.path ?? path;
  if (syscall === 'mkdir' && hasErrno(cause, 'EEXIST', 'ENOTDIR')) {
    return storageKeyClash(key, file, 'an immutable object', 'object below a folder');
  }
  const { code: ours, text } = meanings[code] ?? {
    code: 'storage_failed',
    text: 'the file system refused',
  };
  return new KittiwakeError(
    ours,
    `${action} "${key}" failed: ${text} for ${syscall} of "${file}" (${code})`,
    {
      data: { key, path: file, operation: syscall, errno: code },
      cause,
    },
  );
}

type FileSystemError = NodeJS.ErrnoException & { dest?: string | undefined };

function fieldsOf(cause: unknown): Partial<FileSystemError> {
  return cause instanceof Error ? cause : {};
}

/** True for a file-system error that says that the call was refused and changed nothing. */
export function isRefusal(cause: unknown): boolean {
  return hasErrno(cause, ...Object.keys(meanings), 'EMLINK', 'EXDEV', 'ENAMETOOLONG');
}

/** True when `cause` is a file-system error with one of these codes. */
export function hasErrno(cause: unknown, ...codes: string[]): boolean {
  const { code } = fieldsOf(cause);
  return code !== undefined && codes.includes(code);
}

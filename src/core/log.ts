import { sha256 } from './bytes.ts';
import { isKittiwakeError } from './errors.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one JSON object a line. Content, tokens and bodies have no place here. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** An error with its code, causes and stack frames. Messages are kept of our own errors only: others quote data. */
  failure(event: string, error: unknown, fields?: LogFields): void;
  /** Writes a line of this level although lines of it may be left out: for metrics, which have a setting of their own. */
  always(level: Exclude<LogLevel, 'silent'>, event: string, fields: LogFields): void;
  /** Whether lines of this level are written: asked before costly fields are made. */
  writes(level: LogLevel): boolean;
  /** How a page path or URL may appear: hashed, unless configured otherwise. */
  path(path: string): string;
}

export interface LogOptions {
  /** Default `info`. */
  level?: LogLevel;
  /** Default `hashed`: the first 16 hex digits of the SHA-256. */
  paths?: 'hashed' | 'plain';
  /** The id of the request in whose course a line is written. Default: lines have the id that they are given. */
  request?(): string | undefined;
  /** Gets each line, without its end. */
  write(line: string): void;
  /** Milliseconds since the epoch. */
  now(): number;
}

export function createLogger(options: LogOptions): Logger {
  const threshold = LOG_LEVELS.indexOf(options.level ?? 'info');
  const writes = (level: LogLevel) => LOG_LEVELS.indexOf(level) >= threshold;
  const always = (level: LogLevel, event: string, fields?: LogFields) => {
    const time = new Date(options.now()).toISOString();
    options.write(JSON.stringify({ time, level, event, request: options.request?.(), ...fields }));
  };
  const at = (level: LogLevel) => {
    if (!writes(level)) return () => {};
    return (event: string, fields?: LogFields) => always(level, event, fields);
  };
  const error = at('error');
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error,
    always,
    writes,
    failure: (event, cause, fields) => error(event, { ...fields, ...describeError(cause) }),
    path: path => {
      if (options.paths === 'plain') return path;
      return sha256(path).toString('hex').slice(0, 16);
    },
  };
}

function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const own = isKittiwakeError(error);
  const code = own ? error.code : (error as NodeJS.ErrnoException).code;
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    ...(own ? { message: error.message } : {}),
    stack: frames(error),
    ...(error.cause === undefined || depth > 3 ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}

function frames(error: Error): string[] {
  const lines = (error.stack ?? '').split('\n').map(line => line.trim());
  return lines.filter(line => line.startsWith('at ')).slice(0, 12);
}

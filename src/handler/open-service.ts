import { type Config, readConfig, type Secrets } from '../core/config.ts';
import { createLogger, type Logger } from '../core/log.ts';
import type { Runtime } from '../core/runtime.ts';
import { SETTINGS } from '../core/settings.ts';
import { createService, type Service } from '../lazy/app.ts';
import type { FunctionHost } from '../lazy/function-host.ts';

/** What every function is made with. */
export interface HandlerOptions {
  env: Readonly<Record<string, string | undefined>>;
  runtime: Runtime;
  /** Gets the lines of the log. */
  write(line: string): void;
}

/** What a function works on. */
export interface OpenedService {
  service: Service;
  config: Config;
  secrets: Secrets;
  log: Logger;
}

/** Reads the environment, and makes nothing yet of what it names. @throws KittiwakeError `config_invalid` */
export function openService({ env, runtime, write }: HandlerOptions, host: FunctionHost): OpenedService {
  const { config, secrets } = readConfig({ env });
  const { logLevel: level, logPaths: paths } = config;
  const request = () => host.requestId;
  const log = createLogger({ level, paths, write, now: () => runtime.now(), request });
  const isForeign = hasForeign(env);
  const projections = async () => {
    const { readProjectionSettings } = await import('../core/projection-config.ts');
    if (!isForeign) warnOfUnknown(env, log);
    return readProjectionSettings({ env });
  };
  const service = createService({ config, secrets, projections, runtime, log, host });
  if (isForeign) warnOfUnknown(env, log);
  return { service, config, secrets, log };
}

/** Where the names of the other settings begin: these are looked at when they are read, as no write loads their table. */
export const READ_ON_USE =
  /^KITTIWAKE_(RENDER|MAX_R|OPEN_|SITE|ROBOTS|URL|MAIL|ADMIN_E|NOTIFY|WEBHOOK|IMPORT|MCP|GIT|REMOTE)/;

/** True where a variable is none of those that every function gets. */
function hasForeign(env: HandlerOptions['env']): boolean {
  const known = new Set(Object.values(SETTINGS).flatMap(({ variables }): string[] => [...variables]));
  return Object.keys(env).some(
    name => name.startsWith('KITTIWAKE_') && !known.has(name) && !READ_ON_USE.test(name),
  );
}

function warnOfUnknown(env: HandlerOptions['env'], log: Logger): void {
  const told = import('../core/unknown-variables.ts').then(({ unknownVariables }) => {
    for (const text of unknownVariables(env)) log.warn('config', { text });
  });
  told.catch(error => log.failure('config', error));
}

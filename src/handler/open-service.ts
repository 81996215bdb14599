import { type Config, readConfig, type Secrets } from '../core/config.ts';
import { createLogger, type Logger } from '../core/log.ts';
import type { Runtime } from '../core/runtime.ts';
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
  const { config, secrets, warnings } = readConfig({ env });
  const { logLevel: level, logPaths: paths } = config;
  const request = () => host.requestId;
  const log = createLogger({ level, paths, write, now: () => runtime.now(), request });
  for (const text of warnings) log.warn('config', { text });
  return { service: createService({ config, secrets, runtime, log, host }), config, secrets, log };
}

import { type Config, readConfig } from '../core/config.ts';
import { createLogger, type Logger } from '../core/log.ts';
import type { FunctionName } from '../core/metrics.ts';
import { type Runtime, randomId } from '../core/runtime.ts';
import { createService, type Service } from '../lazy/app.ts';
import { functionHost } from '../lazy/function-host.ts';

export interface QueueHandlerOptions {
  env: Readonly<Record<string, string | undefined>>;
  runtime: Runtime;
  /** Gets the lines of the log. */
  write(line: string): void;
}

/** What a function behind a queue works on. */
export interface QueueService {
  service: Service;
  config: Config;
  log: Logger;
}

/**
 * Reads the environment on the first use, and not at init. A failure is logged, thrown and forgotten: the messages come again,
 * and the next use tries again.
 */
export function queueService(
  name: FunctionName,
  { env, runtime, write }: QueueHandlerOptions,
): (context: { awsRequestId?: string }) => QueueService {
  let opened: QueueService | undefined;
  const host = functionHost(name, env);
  host.initMs = process.uptime() * 1000;
  const now = () => runtime.now();
  const request = () => host.requestId;
  return context => {
    host.requestId = context.awsRequestId ?? randomId(runtime);
    try {
      opened ??= open();
      return opened;
    } catch (error) {
      createLogger({ write, now, request }).failure('start_failed', error);
      throw error;
    }
  };

  function open(): QueueService {
    const { config, secrets, warnings } = readConfig({ env });
    const log = createLogger({ level: config.logLevel, paths: config.logPaths, write, now, request });
    for (const text of warnings) log.warn('config', { text });
    return { service: createService({ config, secrets, runtime, log, host }), config, log };
  }
}

/** Of the function; where the platform does not say, the little that every function has. */
export function memoryBytes({ memoryLimitInMB }: { memoryLimitInMB?: string }): number {
  return Number(memoryLimitInMB ?? 128) * 1024 ** 2;
}

/** The key as the store knows it; undefined when it is not one of the configured store. */
export function storeKey(
  { store }: Pick<Config, 'store'>,
  { bucket, key }: { bucket: string; key: string },
): string | undefined {
  if (store.kind !== 's3' || store.bucket !== bucket) return undefined;
  const prefix = store.prefix === '' ? '' : `${store.prefix}/`;
  return key.startsWith(prefix) ? key.slice(prefix.length) : undefined;
}

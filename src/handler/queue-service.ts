import type { Config } from '../core/config.ts';
import { createLogger } from '../core/log.ts';
import type { FunctionName } from '../core/metrics.ts';
import { randomId } from '../core/runtime.ts';
import { functionHost } from '../lazy/function-host.ts';
import { type HandlerOptions, type OpenedService, openService } from './open-service.ts';

/**
 * Reads the environment on the first use, and not at init. A failure is logged, thrown and forgotten: the messages come again,
 * and the next use tries again.
 */
export function queueService(
  name: FunctionName,
  options: HandlerOptions,
): (context: { awsRequestId?: string }) => OpenedService {
  const { env, runtime, write } = options;
  let opened: OpenedService | undefined;
  const host = functionHost(name, env);
  host.initMs = process.uptime() * 1000;
  const now = () => runtime.now();
  const request = () => host.requestId;
  return context => {
    host.requestId = context.awsRequestId ?? randomId(runtime);
    try {
      opened ??= openService(options, host);
      return opened;
    } catch (error) {
      createLogger({ write, now, request }).failure('start_failed', error);
      throw error;
    }
  };
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

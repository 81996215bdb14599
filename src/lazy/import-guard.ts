import type { Config } from '../core/config.ts';
import type { Logger } from '../core/log.ts';
import type { Job } from '../import/job/job.ts';
import type { SourceFile } from '../import/source.ts';
import type { ImportedSource } from '../plugin/plugin.ts';
import type { ByteStore } from '../storage/byte-store.ts';
import type { Lazy } from './lazy.ts';
import { lazyPlugins } from './plugins.ts';

type GuardedJob = Pick<Job, 'source'> & { options: Pick<Job['options'], 'format'> };

const CHUNK_BYTES = 1 << 20;

const UNRECORDED = { now: () => 0, record: () => {} };

/** Asks the plugins whether a job may read its source; undefined: none is configured. */
export function importGuard(
  config: Config,
  log: Logger,
  store: Lazy<ByteStore>,
): ((job: GuardedJob) => Promise<void>) | undefined {
  const plugins = lazyPlugins(config, log, UNRECORDED);
  if (plugins === undefined) return undefined;
  return async job => {
    const { importGuard: guard } = await plugins();
    if (guard === undefined) return;
    const { source, options } = job;
    const opened = await openSource(job, store);
    const shown = { name: source.name, format: options.format, size: opened?.file.size ?? 0 };
    const given: ImportedSource =
      opened === undefined ? shown : { ...shown, open: () => bytesOf(opened.file) };
    try {
      await guard(given);
    } finally {
      await opened?.close();
    }
  };
}

interface Opened {
  file: SourceFile;
  close(): Promise<void>;
}

/** Undefined: it is no file. */
async function openSource({ source }: GuardedJob, store: Lazy<ByteStore>): Promise<Opened | undefined> {
  if (source.kind === 'url') return undefined;
  if (source.kind === 'stored') {
    const { openStoredFile } = await import('../import/source/bytes/stored-file.ts');
    const keys = source.segments?.map(({ key }) => key) ?? [source.key];
    const file = await openStoredFile({ store: await store(), keys, name: source.name });
    return { file, close: async () => {} };
  }
  const { stat } = await import('node:fs/promises');
  if ((await stat(source.path).catch(() => undefined))?.isFile() !== true) return undefined;
  const { openLocalFile } = await import('../import/source/bytes/local-file.ts');
  const file = await openLocalFile(source.path);
  return { file, close: () => file.close() };
}

async function* bytesOf(file: SourceFile): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < file.size; start += CHUNK_BYTES)
    yield await file.read(start, start + CHUNK_BYTES);
}

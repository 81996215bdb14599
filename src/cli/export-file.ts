import { resolve } from 'node:path';
import { isKittiwakeError } from '../core/errors.ts';
import { ExportedVersion } from '../export/exported-version.ts';
import { exportToFile } from '../export/file-export.ts';
import { ndjsonLines } from '../export/ndjson-lines.ts';
import { pagePrefix } from '../export/page-prefix.ts';
import { SpilledDirectory } from '../export/zip/zip-directory.ts';
import { zipStream } from '../export/zip/zip-stream.ts';
import type { Service } from '../lazy/app.ts';
import type { Call } from './command.ts';
import { optionUnused, targetFailed } from './errors.ts';
import { counted } from './import-summary.ts';
import { Progress } from './progress.ts';

/** One file that all of an export goes into. */
export interface FileTarget {
  format: 'zip' | 'ndjson';
  /** `-` is the standard output. */
  path: string;
}

/** The file that a call asks for, by `--zip`, `--ndjson` or the ending of the target's name; undefined: none. */
export function fileTarget({ options, operands }: Call): FileTarget | undefined {
  for (const format of ['zip', 'ndjson'] as const) {
    const path = options.get(`--${format}`);
    if (path !== undefined) return { format, path };
  }
  const [path = ''] = operands;
  const [, ending] = /\.(zip|ndjson)$/i.exec(path) ?? [];
  const isFolder = options.has('--bare') || options.has('--files') || options.has('--site');
  if (ending === undefined || isFolder) return undefined;
  return { format: ending.toLowerCase() as FileTarget['format'], path };
}

/** Writes the pages and attachments of the newest commit into one file. */
export async function exportFile(service: Service, call: Call, target: FileTarget): Promise<number> {
  const { options, terminal, runtime, signal } = call;
  const attachments = target.format === 'zip' || options.has('--attachments');
  if (target.format === 'zip' && options.has('--attachments'))
    throw optionUnused('--attachments', 'an archive has them always');
  const progress = new Progress(terminal, runtime);
  let leftOut = 0;
  const left = () => {
    leftOut += 1;
  };
  progress.phase('writing', 'files', 0);
  try {
    const onFile = () => progress.advance(1);
    const common = {
      ...target,
      attachments,
      prefix: pagePrefix(options.get('--prefix') ?? '', call.config),
      onFile,
      left,
    };
    const done = await write(service, call, common);
    progress.end();
    if (leftOut > 0)
      terminal.say(`left out: ${counted(leftOut, 'link or submodule', 'links and submodules')}`);
    if (done !== undefined) {
      const size = `${(done.bytes / 1e6).toFixed(1)} MB`;
      terminal.out(`Exported ${counted(done.files, 'file')}, ${size}, to ${target.path}`);
    }
    return 0;
  } catch (error) {
    if (signal.aborted && target.path !== '-')
      terminal.say(`note: the same command with --resume goes on with "${target.path}"`);
    throw error;
  } finally {
    progress.end();
  }
}

type Written = { files: number; bytes: number } | undefined;
type WriteOptions = FileTarget & {
  attachments: boolean;
  prefix: string | undefined;
  onFile: () => void;
  left: () => void;
};

async function write(
  service: Service,
  { config, options, signal }: Call,
  given: WriteOptions,
): Promise<Written> {
  const views = await service.repository();
  const resume = options.has('--resume');
  if (given.path !== '-') {
    const path = resolve(given.path);
    return await exportToFile({ ...given, path, views, naming: config, resume, signal }).catch(error => {
      if (isKittiwakeError(error) || error === signal.reason) throw error;
      throw targetFailed(given.path, error);
    });
  }
  if (resume) throw optionUnused('--resume', 'what went to the standard output is not known');
  const version = await ExportedVersion.open(views);
  const directory = new SpilledDirectory();
  try {
    const { onFile, prefix, left, attachments } = given;
    const chunks =
      given.format === 'zip'
        ? zipStream({ version, prefix, directory, left, onFile })
        : ndjsonLines({ version, naming: config, prefix, attachments, left, onLine: onFile });
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      await toStandardOutput(chunk);
    }
  } finally {
    directory.close();
  }
  return undefined;
}

function toStandardOutput(chunk: Uint8Array): Promise<void> {
  return new Promise((done, failed) => {
    process.stdout.write(chunk, error => (error ? failed(targetFailed('-', error)) : done()));
  });
}

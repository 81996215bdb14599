import { resolve } from 'node:path';
import { isKittiwakeError } from '../core/errors.ts';
import { exportToFile } from '../export/file-export.ts';
import { pagePrefix } from '../export/page-prefix.ts';
import { createWikiExports } from '../export/wiki-exports.ts';
import type { Service } from '../lazy/app.ts';
import type { Call } from './command.ts';
import { optionUnused, targetFailed } from './errors.ts';
import { writeStream } from './export-stream.ts';
import { counted } from './import-summary.ts';
import { Progress } from './progress.ts';

/** One file that all of an export goes into. */
export interface FileTarget {
  format: 'zip' | 'ndjson' | 'bundle';
  /** `-` is the standard output. */
  path: string;
}

/** The file that a call asks for, by `--zip`, `--ndjson`, `--bundle` or the ending of the target's name; undefined: none. */
export function fileTarget({ options, operands }: Call): FileTarget | undefined {
  for (const format of ['zip', 'ndjson', 'bundle'] as const) {
    const path = options.get(`--${format}`);
    if (path !== undefined) return { format, path };
  }
  const [path = ''] = operands;
  const [, ending] = /\.(zip|ndjson|bundle)$/i.exec(path) ?? [];
  const isFolder = options.has('--bare') || options.has('--files') || options.has('--site');
  if (ending === undefined || isFolder) return undefined;
  return { format: ending.toLowerCase() as FileTarget['format'], path };
}

/** Writes the wiki into one file, or to the standard output. @throws KittiwakeError `usage`, those of the exports */
export async function exportFile(service: Service, call: Call, target: FileTarget): Promise<number> {
  checkFlags(call, target);
  const progress = new Progress(call.terminal, call.runtime);
  progress.phase('writing', target.format === 'bundle' ? 'bytes' : 'files', 0);
  try {
    const { format } = target;
    if (format === 'bundle' || target.path === '-') await sendStream(service, call, target, progress);
    else await growFile(service, call, { ...target, format }, progress);
  } finally {
    progress.end();
  }
  return 0;
}

function checkFlags({ options }: Call, { format, path }: FileTarget): void {
  if (format !== 'ndjson' && options.has('--attachments'))
    throw optionUnused('--attachments', 'only lines of JSON go without');
  if (format === 'bundle' && options.has('--prefix'))
    throw optionUnused('--prefix', 'a bundle is of everything');
  if (options.has('--resume') && (format === 'bundle' || path === '-'))
    throw optionUnused('--resume', 'only archives and lines in a file are gone on with');
}

/** What cannot be gone on with. */
async function sendStream(
  service: Service,
  { config: naming, options, signal, terminal }: Call,
  { format, path }: FileTarget,
  progress: Progress,
): Promise<void> {
  const views = await service.repository();
  const exports = createWikiExports({ views, whole: () => views, naming });
  const selection = { prefix: options.get('--prefix') };
  const attachments = options.has('--attachments');
  const { chunks } = await {
    zip: () => exports.zip(selection),
    ndjson: () => exports.ndjson(selection, { attachments }),
    bundle: () => exports.bundle(),
  }[format]();
  const bytes = await writeStream(path, watched(chunks, progress), signal);
  progress.end();
  if (path !== '-') terminal.out(`Exported ${megabytes(bytes)} to ${path}`);
}

async function* watched(chunks: AsyncIterable<Uint8Array>, progress: Progress): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk;
    progress.advance(chunk.length);
  }
}

async function growFile(
  service: Service,
  { config: naming, options, signal, terminal }: Call,
  target: FileTarget & { format: 'zip' | 'ndjson' },
  progress: Progress,
): Promise<void> {
  let leftOut = 0;
  const left = () => {
    leftOut += 1;
  };
  const onFile = () => progress.advance(1);
  const path = resolve(target.path);
  const prefix = pagePrefix(options.get('--prefix') ?? '', naming);
  const attachments = target.format === 'zip' || options.has('--attachments');
  const resume = options.has('--resume');
  const views = await service.repository();
  const wanted = { ...target, path, views, naming, prefix, attachments, resume, onFile, left, signal };
  const done = await exportToFile(wanted).catch(error => {
    if (error === signal.reason)
      terminal.say(`note: the same command with --resume goes on with "${target.path}"`);
    throw isKittiwakeError(error) || error === signal.reason ? error : targetFailed(target.path, error);
  });
  progress.end();
  if (leftOut > 0) terminal.say(`left out: ${counted(leftOut, 'link or submodule', 'links and submodules')}`);
  terminal.out(`Exported ${counted(done.files, 'file')}, ${megabytes(done.bytes)}, to ${target.path}`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

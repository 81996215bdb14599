import type { Views } from '../wiki/bound/bound-repository.ts';
import type { WikiSettings } from '../wiki/settings.ts';
import { nothingToResume } from './errors.ts';
import { ExportedVersion } from './exported-version.ts';
import { ndjsonLines } from './ndjson-lines.ts';
import { PartialFile, type PartialHead } from './partial-file.ts';
import type { WalkedFile } from './walk-files.ts';
import { JournaledDirectory, readProgress } from './zip/journaled-directory.ts';
import { zipStream } from './zip/zip-stream.ts';

export interface FileExportOptions {
  views: Views;
  naming: Pick<WikiSettings, 'retainPageNameCase'>;
  format: 'zip' | 'ndjson';
  /** The file to be made. */
  path: string;
  /** Goes on with one that was broken off. */
  resume: boolean;
  /** Of a page: it and all below it. Default: everything. */
  prefix?: string | undefined;
  /** Of lines: whether files that are no pages come too. An archive has them always. */
  attachments: boolean;
  onFile: (file: WalkedFile) => void;
  left: (file: WalkedFile) => void;
  signal?: AbortSignal | undefined;
}

export interface FileExport {
  commit: string | undefined;
  /** Files written by this run. */
  files: number;
  /** By this run. */
  bytes: number;
}

/**
 * Writes a version of the wiki into one file, in constant memory. What is broken off, by whatever, is gone on with by `resume`: of the same
 * commit, byte for byte what it would have been.
 * @throws KittiwakeError `export_exists`, `export_unfinished`, `export_not_resumable`; the system's error; what `signal` is aborted with
 */
export async function exportToFile(options: FileExportOptions): Promise<FileExport> {
  const opened = options.resume ? await reopen(options) : await begin(options);
  const { file, version, chunks } = opened;
  const done = { files: 0, bytes: 0 };
  try {
    for await (const chunk of chunks(() => (done.files += 1))) {
      options.signal?.throwIfAborted();
      done.bytes += chunk.length;
      await file.write(chunk);
    }
  } catch (error) {
    await file.flush().catch(() => {});
    await file.close();
    throw error;
  }
  await file.finish();
  return { commit: version.commit?.oid, ...done };
}

interface OpenedExport {
  file: PartialFile;
  version: ExportedVersion;
  chunks(onFile: () => void): AsyncIterable<Uint8Array>;
}

async function begin(options: FileExportOptions): Promise<OpenedExport> {
  const version = await ExportedVersion.open(options.views);
  const file = await PartialFile.create(options.path, headOf(options, version.commit?.oid ?? null));
  return opened(options, file, version, Buffer.alloc(0));
}

async function reopen(options: FileExportOptions): Promise<OpenedExport> {
  const { path, views, format } = options;
  const { head, notes } = await PartialFile.inspect(path);
  const version = await ExportedVersion.open(views, head.commit ?? undefined);
  if (JSON.stringify(head) !== JSON.stringify(headOf(options, version.commit?.oid ?? null)))
    throw nothingToResume(path);
  const known =
    format === 'zip'
      ? zipKnown(notes)
      : { dataBytes: lastLine(notes)?.end ?? 0, noteBytes: lastLine(notes)?.noteBytes ?? 0 };
  const file = await PartialFile.resume(path, known);
  return opened(options, file, version, notes);
}

function zipKnown(notes: Buffer): { dataBytes: number; noteBytes: number } {
  const { from, bytes } = readProgress(notes);
  return { dataBytes: from?.offset ?? 0, noteBytes: bytes };
}

function headOf({ format, prefix, attachments }: FileExportOptions, commit: string | null): PartialHead {
  return { format, commit, options: { prefix: prefix ?? '', attachments } };
}

function opened(
  options: FileExportOptions,
  file: PartialFile,
  version: ExportedVersion,
  notes: Buffer,
): OpenedExport {
  const { format, prefix, left } = options;
  const told = (onFile: () => void) => (each: WalkedFile) => {
    onFile();
    options.onFile(each);
  };
  if (format === 'zip') {
    const progress = readProgress(notes);
    const directory = new JournaledDirectory(file, () => file.notes(), progress);
    const { from } = progress;
    return {
      file,
      version,
      chunks: onFile => zipStream({ version, prefix, directory, from, left, onFile: told(onFile) }),
    };
  }
  return { file, version, chunks: onFile => noted(options, file, version, lastLine(notes), told(onFile)) };
}

/** The lines, of which the last one of each flush is noted. */
async function* noted(
  { naming, prefix, attachments, left }: FileExportOptions,
  file: PartialFile,
  version: ExportedVersion,
  from: LastLine | undefined,
  told: (each: WalkedFile) => void,
): AsyncGenerator<Uint8Array> {
  let end = from?.end ?? 0;
  const onLine = (each: WalkedFile) => {
    file.noteOnly(Buffer.from(`${JSON.stringify({ end, path: each.path })}\n`));
    told(each);
  };
  const after = from?.path;
  for await (const chunk of ndjsonLines({ version, naming, prefix, after, attachments, left, onLine })) {
    end += chunk.length;
    yield chunk;
  }
}

interface LastLine {
  end: number;
  path: string;
  noteBytes: number;
}

/** The last whole note. */
function lastLine(notes: Buffer): LastLine | undefined {
  const noteBytes = notes.lastIndexOf(0x0a) + 1;
  if (noteBytes === 0) return undefined;
  const start = notes.lastIndexOf(0x0a, noteBytes - 2) + 1;
  return { ...JSON.parse(notes.toString('utf8', start, noteBytes)), noteBytes };
}

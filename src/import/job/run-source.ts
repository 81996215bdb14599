import { stat } from 'node:fs/promises';
import type { LedgerRepository } from '../../git/open.ts';
import type { Access } from '../../wiki/access.ts';
import type { WikiSettings } from '../../wiki/settings.ts';
import type { ArchiveOptions } from '../archive/archive-options.ts';
import type { ArchiveSource } from '../archive/archive-source.ts';
import { sourceReplaced, sourceUnsupported } from '../errors.ts';
import { findSource, type ImportSource } from '../import-source.ts';
import { leftLines } from '../left-lines.ts';
import { checkPipeline } from '../pipeline/check.ts';
import { compilePipeline } from '../pipeline/compile.ts';
import { sourcesUsed } from '../pipeline/resources.ts';
import { openLocalFile } from '../source/bytes/local-file.ts';
import { openStoredFile } from '../source/bytes/stored-file.ts';
import { openTable } from '../source/open-source.ts';
import { sniff } from '../source/sniff.ts';
import type { RowSource, SourceFile } from '../source.ts';
import type { Job, JobPrincipal, JobSource } from './job.ts';
import type { OpenHistory, OpenJob, OpenRows } from './run-environment.ts';
import { resourcesOf } from './run-resources.ts';

export interface SourceMeans {
  repository: LedgerRepository;
  settings: Pick<WikiSettings, 'retainPageNameCase' | 'wikilinkStyle' | 'maxUploadBytes'>;
  /** What may be done in the name of who made a job. */
  accessOf(principal: JobPrincipal): Promise<Access>;
}

/** A source of bytes that has to be closed. */
type ClosingFile = SourceFile & { close(): Promise<void> };

/**
 * Opens what a job reads, whatever it is, and makes its pipeline ready.
 * @throws KittiwakeError `source_missing`, `source_replaced`, `source_unsupported`, `pipeline_invalid`; those of the format
 */
export async function openJobSource(job: Job, means: SourceMeans, signal: AbortSignal): Promise<OpenJob> {
  const { source } = job;
  if (source.kind === 'local' && (await stat(source.path).catch(() => undefined))?.isDirectory())
    return await openFolder(job, source.path, means, signal);
  const file = await openFile(source, means.repository, signal);
  try {
    return await openRows(job, file, means, signal);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openFile(
  source: JobSource,
  { store }: LedgerRepository,
  signal: AbortSignal,
): Promise<ClosingFile> {
  if (source.kind === 'url') throw sourceUnsupported(source.url, 'it is an address');
  if (source.kind === 'stored') {
    const { key, name, segments } = source;
    const keys = segments?.map(segment => segment.key) ?? [key];
    return { ...(await openStoredFile({ store, keys, name, signal })), close: async () => {} };
  }
  const file = await openLocalFile(source.path);
  const { bytes, modifiedMs = file.modifiedMs } = source;
  if (file.size === bytes && file.modifiedMs === modifiedMs) return file;
  await file.close();
  throw sourceReplaced(source.path);
}

async function openRows(
  job: Job,
  file: ClosingFile,
  means: SourceMeans,
  signal: AbortSignal,
): Promise<OpenJob> {
  const { format, reading = {} } = job.options;
  const found = await sniff(file, { encoding: reading.encoding });
  if (found.kind === 'bundle') return await openBundle(job, file, means);
  if (format === 'git') throw sourceUnsupported(file.name, 'it is no git repository');
  if (found.kind === 'zip' && (format === undefined || format === 'markdown')) {
    const { openArchive } = await import('../archive/open-archive.ts');
    const archive = await openArchive(file, archiveOptions(job, means, signal));
    if (archive) return rowsOf(job, archive, means, signal, () => file.close());
  }
  const { encoding, delimiter, columns, isLenient, sheet } = reading;
  const table = format === 'markdown' ? undefined : format;
  const source = await openTable(file, {
    format: table,
    encoding,
    delimiter,
    columns,
    isStrict: !isLenient,
    sheet,
  });
  return rowsOf(job, source, means, signal, () => file.close());
}

function rowsOf(
  job: Job,
  source: RowSource,
  means: SourceMeans,
  signal: AbortSignal,
  close: () => Promise<void>,
): OpenRows {
  const { options } = job;
  const naming = { retainPageNameCase: means.settings.retainPageNameCase, into: options.into ?? '' };
  const checked = checkPipeline(options.pipeline);
  const others: (() => Promise<void>)[] = [];
  const pipeline = compilePipeline({ pipeline: checked, naming }, resourcesOf(job, means, others));
  const parts = async (most: number) =>
    most > 1 && pipeline.isRowWise && source.parts ? await source.parts(most, signal) : [{}];
  const closeAll = async () => {
    await Promise.all([close(), ...others.map(each => each())]);
  };
  return {
    kind: 'rows',
    source,
    pipeline,
    sources: [source.name, ...sourcesUsed(checked)],
    left: leftOf(source),
    parts,
    close: closeAll,
  };
}

/** What archives and folders leave out on purpose. */
function leftOf(source: RowSource | ArchiveSource): string[] {
  return 'left' in source ? leftLines(source.left.told, source.left.count) : [];
}

async function openFolder(job: Job, path: string, means: SourceMeans, signal: AbortSignal): Promise<OpenJob> {
  const found = await findSource(path, job.options.format === 'markdown');
  if (found.kind !== 'folder') return history(job, found, means, 0, async () => {});
  const { openArchiveFolder } = await import('../archive/open-archive.ts');
  const source = await openArchiveFolder(path, archiveOptions(job, means, signal));
  return rowsOf(job, source, means, signal, async () => {});
}

function archiveOptions({ options }: Job, { settings }: SourceMeans, signal: AbortSignal): ArchiveOptions {
  const { retainPageNameCase, wikilinkStyle, maxUploadBytes } = settings;
  const { convention, attachments, hidden } = options.reading ?? {};
  const naming = { retainPageNameCase, wikilinkStyle, into: options.into ?? '' };
  return { naming, convention, attachments, hidden, maxAttachmentBytes: maxUploadBytes, signal };
}

async function openBundle(job: Job, file: ClosingFile, means: SourceMeans): Promise<OpenHistory> {
  if (file.path === undefined)
    throw sourceUnsupported(file.name, 'it is a git bundle that is not on this machine');
  return history(job, { kind: 'bundle', path: file.path }, means, file.size, () => file.close());
}

function history(
  { options }: Job,
  source: Exclude<ImportSource, { kind: 'folder' }>,
  { repository, settings }: SourceMeans,
  bytesTotal: number,
  close: () => Promise<void>,
): OpenHistory {
  return {
    kind: 'history',
    bytesTotal,
    async bringIn({ progress, signal }) {
      const { importHistory } = await import('../git/import-history.ts');
      const { retainPageNameCase } = settings;
      return await importHistory({
        source,
        repository,
        branch: options.reading?.branch,
        retainPageNameCase,
        progress,
        signal,
      });
    },
    close,
  };
}

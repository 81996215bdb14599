import { mkdir, stat } from 'node:fs/promises';
import type { LedgerRepository } from '../../git/open.ts';
import type { Access } from '../../wiki/access.ts';
import type { WikiSettings } from '../../wiki/settings.ts';
import type { ArchiveOptions } from '../archive/archive-options.ts';
import type { ArchiveSource } from '../archive/archive-source.ts';
import { sourceReplaced, sourceUnsupported } from '../errors.ts';
import { withCopy } from '../git/copied-source.ts';
import type { FetchLimits, HistorySource } from '../git/history-source.ts';
import type { ImportReport } from '../import-report.ts';
import { findSource } from '../import-source.ts';
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
import type { OpenHistory, OpenJob, OpenPush, OpenRows } from './run-environment.ts';
import { resourcesOf } from './run-resources.ts';

export interface SourceMeans {
  repository: LedgerRepository;
  settings: Pick<WikiSettings, 'retainPageNameCase' | 'wikilinkStyle' | 'maxUploadBytes'>;
  /** What may be done in the name of who made a job. */
  accessOf(principal: JobPrincipal): Promise<Access>;
  /** @throws KittiwakeError `forbidden` for who may not take in a git history */
  checkHistory(principal: JobPrincipal): Promise<void>;
  /** Absent: pushes are landed elsewhere. */
  openPush?: (job: Job) => Promise<OpenPush>;
  /** How a repository of a URL is fetched. */
  fetch: FetchLimits;
  /** A folder of this machine, for what has to lie on it. */
  scratch: string;
}

/** A source of bytes that has to be closed. */
type ClosingFile = SourceFile & { close(): Promise<void> };

/**
 * Opens what a job reads, whatever it is, and makes its pipeline ready.
 * @throws KittiwakeError `source_missing`, `source_replaced`, `source_unsupported`, `pipeline_invalid`; those of the format
 */
export async function openJobSource(job: Job, means: SourceMeans, signal: AbortSignal): Promise<OpenJob> {
  const { source, options } = job;
  if (options.format === 'push') {
    if (!means.openPush) throw sourceUnsupported(source.name, 'pushes are landed by the server');
    return await means.openPush(job);
  }
  if (source.kind === 'local' && (await stat(source.path).catch(() => undefined))?.isDirectory())
    return await openFolder(job, source.path, means, signal);
  if (source.kind === 'url') return await openRemote(job, source, means);
  const file = await openFile(source, means.repository, signal);
  try {
    return await openRows(job, file, means, signal);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openFile(
  source: Exclude<JobSource, { kind: 'url' }>,
  { store }: LedgerRepository,
  signal: AbortSignal,
): Promise<ClosingFile> {
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
  if (format === 'git' || format === 'push') throw sourceUnsupported(file.name, 'it is no git repository');
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
  if (found.kind !== 'folder') {
    await checkHistory(job, job.source.name, means);
    return {
      kind: 'history',
      bytesTotal: 0,
      bringIn: doing => bringIn(job, found, means, doing),
      close: async () => {},
    };
  }
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

/** A bundle that lies elsewhere is copied to this machine, where any byte of it is at hand. */
async function openBundle(job: Job, file: ClosingFile, means: SourceMeans): Promise<OpenHistory> {
  const { name, size, path } = file;
  await checkHistory(job, name, means);
  return {
    kind: 'history',
    bytesTotal: size,
    bringIn: doing => {
      if (path !== undefined) return bringIn(job, { kind: 'bundle', path }, means, doing);
      const copying = { folder: means.scratch, signal: doing.signal };
      return withCopy(file, copying, copy =>
        bringIn(job, { kind: 'bundle', path: name, file: copy }, means, doing),
      );
    },
    close: () => file.close(),
  };
}

async function openRemote(
  job: Job,
  { url }: Extract<JobSource, { kind: 'url' }>,
  means: SourceMeans,
): Promise<OpenHistory> {
  await checkHistory(job, url, means);
  return {
    kind: 'history',
    bytesTotal: 0,
    bringIn: doing => bringIn(job, { kind: 'url', path: url, url }, means, doing),
    close: async () => {},
  };
}

/** What is for rows means nothing here, and is not to be ignored. @throws KittiwakeError `forbidden`, `source_unsupported` */
async function checkHistory({ options, principal }: Job, name: string, means: SourceMeans): Promise<void> {
  const { format = 'git', dryRun, into, pipeline } = options;
  if (format !== 'git') throw sourceUnsupported(name, `it was said to be ${format}, and is a git history`);
  if (dryRun) throw sourceUnsupported(name, 'it is a git history, of which there is no dry run');
  if (into !== undefined || pipeline !== undefined)
    throw sourceUnsupported(name, 'it is a git history, which is taken as it is, at the root of the wiki');
  await means.checkHistory(principal);
}

async function bringIn(
  { options }: Job,
  source: HistorySource,
  { repository, settings, scratch, fetch }: SourceMeans,
  doing: Parameters<OpenHistory['bringIn']>[0],
): Promise<ImportReport> {
  const { importHistory } = await import('../git/import-history.ts');
  const { retainPageNameCase } = settings;
  const { branch } = options.reading ?? {};
  await mkdir(scratch, { recursive: true });
  return await importHistory({ source, repository, branch, retainPageNameCase, scratch, fetch, ...doing });
}

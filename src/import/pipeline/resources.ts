import type { OtherSide } from '../operator/join.ts';
import type { MemoStore } from '../operator/memo-store.ts';
import type { Report } from '../operator/operator.ts';
import type { Row } from '../row.ts';
import type { RowSource } from '../source.ts';
import { sourceUnavailable } from './errors.ts';
import type { CheckedPipeline, OtherSource, WikiColumn } from './pipeline.ts';

/** What a pipeline may reach besides the rows that it is given. Each may be absent: then what needs it is refused. */
export interface PipelineResources {
  /**
   * Opens a file that a pipeline names. Absent wherever the pipeline comes from somebody who may not read the files of this machine.
   * Its rows have `name` as the source of their origins.
   */
  openFile?(name: string, file: string, format: string | undefined): Promise<RowSource>;
  /** The wiki's pages, as of the job's beginning, as far as who made it may read them. */
  openWiki?(name: string, columns: readonly WikiColumn[]): Promise<RowSource>;
  /** For steps with `cache`. */
  memo?: MemoStore;
}

/** Other inputs that steps of a pipeline use, sorted: with the source itself, these are the sources of its origins. */
export function sourcesUsed({ steps }: CheckedPipeline): readonly string[] {
  const used = steps.flatMap(step => ('with' in step ? step.with : []));
  return [...new Set(used)].sort();
}

/** An input of a join. @param columns those that are needed; undefined: all */
export function otherSide(
  name: string,
  source: OtherSource,
  columns: readonly string[] | undefined,
  resources: PipelineResources,
): OtherSide {
  const opened = () => open(name, source, columns, resources);
  return { name, open: (report, signal) => rowsOf(opened, report, signal) };
}

async function open(
  name: string,
  source: OtherSource,
  columns: readonly string[] | undefined,
  { openFile, openWiki }: PipelineResources,
): Promise<RowSource> {
  if (source.kind === 'file') {
    if (openFile === undefined) throw sourceUnavailable(name, 'files are read by the command line only');
    return await openFile(name, source.file, source.format);
  }
  if (openWiki === undefined) throw sourceUnavailable(name, 'there is no wiki at hand');
  const needed = source.columns.filter(column => columns === undefined || columns.includes(column));
  return await openWiki(name, needed);
}

async function* rowsOf(
  opened: () => Promise<RowSource>,
  report: Report,
  signal?: AbortSignal,
): AsyncGenerator<readonly Row[]> {
  const source = await opened();
  for await (const { rows, failures } of source.rows({ signal })) {
    for (const failure of failures) report.failure(failure);
    if (rows.length > 0) yield rows;
  }
}

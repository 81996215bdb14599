import type { Runtime } from '../core/runtime.ts';
import type { Job } from '../import/job/job.ts';
import { bar, duration } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** So many bars to one line, where there is no terminal. */
const BARS_OF_LINE = 5;
/** The rate is that of the last while. */
const RATE_MS = 15_000;

interface Moment {
  ms: number;
  bytes: number;
  rows: number;
}

/** Shows how far an import is: a bar on a terminal, now and then a plain line elsewhere. */
export class ImportProgressLine {
  readonly #terminal: Terminal;
  readonly #runtime: Pick<Runtime, 'now'>;
  readonly #everyMs: number;
  /** Of the last while, oldest first. */
  #moments: Moment[] = [];
  #shownMs: number;

  /** @param barMs how often a bar is drawn; a line is written a fifth as often */
  constructor(terminal: Terminal, runtime: Pick<Runtime, 'now'>, barMs: number) {
    this.#terminal = terminal;
    this.#runtime = runtime;
    this.#everyMs = terminal.live ? barMs : barMs * BARS_OF_LINE;
    this.#shownMs = terminal.live ? 0 : runtime.now();
  }

  show(job: Job, committing?: { done: number; total: number }): void {
    const now = this.#runtime.now();
    const { live, columns } = this.#terminal;
    const done = { ms: now, ...doneOf(job) };
    this.#moments = [...this.#moments.filter(({ ms }) => ms > now - RATE_MS), done];
    if (now - this.#shownMs < this.#everyMs) return;
    this.#shownMs = now;
    const line = importLine(job, {
      since: this.#moments[0] ?? done,
      done,
      committing,
      columns: live ? columns : 0,
    });
    if (live) this.#terminal.draw(line);
    else this.#terminal.say(line);
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#terminal.live) this.#terminal.draw('');
  }
}

export interface LineState {
  /** For the rate. */
  since: Moment;
  done: Moment;
  committing: { done: number; total: number } | undefined;
  /** Width to fill with a bar; 0: no bar. */
  columns: number;
}

/** `reading [#####.....] 50 %, 12.0 of 24.0 MB, 9,000 rows/s, 3 s left, 2 failed` */
export function importLine(job: Job, { since, done, committing, columns }: LineState): string {
  if (committing !== undefined || job.state === 'committing') {
    const { done: files, total } = committing ?? { done: 0, total: 0 };
    return bar('committing', total === 0 ? '' : ` ${files} of ${total} files`, {
      done: files,
      total,
      columns,
    });
  }
  const total = job.bytesTotal ?? 0;
  const percent = total === 0 ? '' : ` ${Math.floor((Math.min(done.bytes, total) / total) * 100)} %,`;
  const elapsedMs = done.ms - since.ms;
  const perSecond = (count: number) => (elapsedMs > 0 ? (count * 1000) / elapsedMs : 0);
  const [rows, bytes] = [perSecond(done.rows - since.rows), perSecond(done.bytes - since.bytes)];
  const rate = rows > 0 ? `, ${Math.round(rows).toLocaleString('en')} rows/s` : '';
  const left =
    bytes > 0 && total > done.bytes ? `, ${duration(((total - done.bytes) / bytes) * 1000)} left` : '';
  const failed = job.parts.reduce((sum, { counts }) => sum + counts.failed, 0);
  const trouble = failed > 0 ? `, ${failed} failed` : '';
  const sizes = `${megabytes(done.bytes)} of ${megabytes(total)} MB`;
  return bar('reading', `${percent} ${sizes}${rate}${left}${trouble}`, { done: done.bytes, total, columns });
}

function doneOf({ parts }: Job): { bytes: number; rows: number } {
  const sum = { bytes: 0, rows: 0 };
  for (const { bytesRead, counts } of parts) {
    sum.bytes += bytesRead;
    sum.rows += counts.rows;
  }
  return sum;
}

export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

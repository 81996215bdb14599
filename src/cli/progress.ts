import type { Runtime } from '../core/runtime.ts';
import type { Terminal } from './terminal.ts';

/** How often a bar is drawn, and how often a line is written where there is no terminal. */
const DRAW_MS = 100;
const LINE_MS = 5_000;

/** Shows how far a long command is: a bar on a terminal, now and then a plain line elsewhere. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #runtime: Pick<Runtime, 'now'>;
  #label = '';
  #unit = '';
  #total = 0;
  #done = 0;
  #startedMs = 0;
  #shownMs = 0;

  constructor(terminal: Terminal, runtime: Pick<Runtime, 'now'>) {
    this.#terminal = terminal;
    this.#runtime = runtime;
  }

  /** Begins a phase of `total` steps; 0 when their number is not known. */
  phase(label: string, unit: string, total: number): void {
    this.#label = label;
    this.#unit = unit;
    this.#total = total;
    this.#done = 0;
    this.#startedMs = this.#runtime.now();
    this.#shownMs = this.#terminal.live ? 0 : this.#startedMs;
    this.#show();
  }

  advance(steps: number): void {
    this.#done += steps;
    this.#show();
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#terminal.live) this.#terminal.draw('');
  }

  #show(): void {
    const now = this.#runtime.now();
    if (now - this.#shownMs < (this.#terminal.live ? DRAW_MS : LINE_MS)) return;
    this.#shownMs = now;
    const line = progressLine({
      label: this.#label,
      unit: this.#unit,
      done: this.#done,
      total: this.#total,
      elapsedMs: now - this.#startedMs,
      columns: this.#terminal.live ? this.#terminal.columns : 0,
    });
    if (this.#terminal.live) this.#terminal.draw(line);
    else this.#terminal.say(line);
  }
}

export interface ProgressState {
  label: string;
  unit: string;
  done: number;
  /** 0: not known. */
  total: number;
  elapsedMs: number;
  /** Width to fill with a bar; 0: no bar. */
  columns: number;
}

/** `reading [#####.....] 512 of 1024 pages, 420/s, 2 s left` */
export function progressLine(state: ProgressState): string {
  const { label, unit, done, total, elapsedMs } = state;
  const perSecond = elapsedMs > 0 ? (done * 1000) / elapsedMs : 0;
  const rate = perSecond > 0 ? `, ${perSecond.toFixed(perSecond < 10 ? 1 : 0)}/s` : '';
  const left = total > done && perSecond > 0 ? `, ${duration(((total - done) * 1000) / perSecond)} left` : '';
  const text = `${done}${total > 0 ? ` of ${total}` : ''} ${unit}${rate}${left}`;
  return bar(label, ` ${text}`, state);
}

/** `label [###..] text` where there is room for it, else without the bar; `text` begins with a space where there is any. */
export function bar(
  label: string,
  text: string,
  { done, total, columns }: Pick<ProgressState, 'done' | 'total' | 'columns'>,
): string {
  const width = Math.min(30, columns - label.length - text.length - 4);
  if (total === 0 || width < 5) return `${label}${text}`.slice(0, columns > 0 ? columns - 1 : undefined);
  const full = Math.min(width, Math.floor((done / total) * width));
  return `${label} [${'#'.repeat(full)}${'.'.repeat(width - full)}]${text}`;
}

/** `850 ms`, `12 s`, `3 min 20 s`, `2 h 5 min` */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

import type { ImportReport } from '../import/import-report.ts';
import type { ImportSource } from '../import/import-source.ts';
import { duration } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** Reasons that are listed with a count only: they are expected, and may be many. */
const EXPECTED = new Set(['hidden', 'not beside a page', 'not a page']);
/** Paths shown for one other reason. */
const SHOWN = 20;

/** Says what an import came to: what came, what stayed out and why. */
export function printReport(
  report: ImportReport,
  source: ImportSource,
  tookMs: number,
  terminal: Terminal,
): void {
  for (const line of leftLines(report.left)) terminal.say(line);
  for (const note of report.notes) terminal.say(`note: ${note}`);
  const { pages, attachments, unchanged, kept, commits, bytes } = report;
  if (commits === 0) {
    terminal.out(
      `Nothing new in ${source.path}: ${counted(unchanged, 'file')} unchanged, ${kept} left as they are`,
    );
    return;
  }
  const rate = tookMs > 0 ? `, ${Math.round(((pages + attachments) * 1000) / tookMs)} files/s` : '';
  const parts = [
    counted(pages, 'page'),
    counted(attachments, 'other file'),
    `${counted(commits, 'commit')}`,
    `${(bytes / 1e6).toFixed(1)} MB`,
  ];
  if (unchanged > 0) parts.push(`${unchanged} unchanged`);
  if (kept > 0) parts.push(`${kept} left as they are`);
  terminal.out(`Imported ${parts.join(', ')} in ${duration(tookMs)}${rate}`);
  terminal.out(`The wiki is at ${report.head}`);
}

function leftLines(left: ImportReport['left']): string[] {
  const byReason = new Map<string, string[]>();
  for (const { path, reason } of left) byReason.set(reason, [...(byReason.get(reason) ?? []), path]);
  const lines: string[] = [];
  let listed = 0;
  for (const [reason, paths] of byReason) {
    if (EXPECTED.has(reason))
      lines.push(`left out: ${counted(paths.length, 'file or folder', 'files or folders')} (${reason})`);
    else {
      for (const path of paths.slice(0, Math.max(0, SHOWN - listed)))
        lines.push(`left out: ${JSON.stringify(path)} (${reason})`);
      const hidden = paths.length - Math.max(0, SHOWN - listed);
      if (hidden > 0) lines.push(`left out: ${hidden} more (${reason})`);
      listed += paths.length;
    }
  }
  return lines;
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

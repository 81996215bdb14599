import type { ImportReport } from '../import/import-report.ts';
import type { ImportSource } from '../import/import-source.ts';
import { leftLines } from '../import/left-lines.ts';
import { duration } from './progress.ts';
import type { Terminal } from './terminal.ts';

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

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

import type { Setting } from './setting-value.ts';
import { SETTINGS } from './settings.ts';

const rows: readonly Setting<unknown>[] = Object.values(SETTINGS);

/** The settings as `--help` shows them: aligned, one a line. */
export function settingsHelp(): string {
  const lines = rows.map(row => ({ left: flagText(row), right: `${row.description}${defaultText(row)}` }));
  const width = Math.max(...lines.map(line => line.left.length));
  return lines
    .map(
      ({ left, right }, index) =>
        `  ${left.padEnd(width)}  ${right}\n  ${' '.repeat(width)}  ${rows[index]?.variables.join(', ')}`,
    )
    .join('\n');
}

/** The settings as a Markdown table, for the README. */
export function settingsTable(): string {
  const head = ['| flag | variable | default | meaning |', '|---|---|---|---|'];
  const body = rows.map(row => {
    const flag = row.flag === undefined ? '' : `\`${flagText(row)}\``;
    const [own, ...others] = row.variables;
    const also = others.length === 0 ? '' : `, also ${others.map(name => `\`${name}\``).join(', ')}`;
    const value = row.default === '' ? '' : `\`${row.default}\``;
    return `| ${flag} | \`${own}\`${also} | ${value} | ${row.description.replaceAll('|', '\\|')} |`;
  });
  return [...head, ...body].join('\n');
}

function flagText(row: Setting<unknown>): string {
  if (row.flag === undefined) return '(environment only)';
  return row.placeholder === undefined ? row.flag : `${row.flag} ${row.placeholder}`;
}

function defaultText(row: Setting<unknown>): string {
  return row.default === '' ? '' : ` (default ${row.default})`;
}

import { PROJECTION_SETTINGS } from './projection-settings.ts';
import type { SettingText } from './setting-text.ts';
import { SETTING_TEXTS } from './setting-texts.ts';
import type { Setting } from './setting-value.ts';
import { SETTINGS } from './settings.ts';

type Row = Pick<Setting<unknown>, 'variables' | 'default'> & SettingText;

const ALL = { ...SETTINGS, ...PROJECTION_SETTINGS };

const rows: readonly Row[] = Object.entries(ALL).map(([name, { variables, default: text }]) => ({
  ...SETTING_TEXTS[name as keyof typeof ALL],
  variables,
  default: text,
}));

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

function flagText(row: Row): string {
  if (row.flag === undefined) return '(environment only)';
  return row.placeholder === undefined ? row.flag : `${row.flag} ${row.placeholder}`;
}

function defaultText(row: Row): string {
  return row.default === '' ? '' : ` (default ${row.default})`;
}

import { nearest } from './nearest.ts';
import { PROJECTION_SETTINGS } from './projection-settings.ts';
import type { Setting } from './setting-value.ts';
import { SETTINGS } from './settings.ts';

/** What to say of `KITTIWAKE_*` variables that mean nothing: they are probably misspelt. */
export function unknownVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  // The marker is what "kittiwake coldstart" changes to get fresh environments, the token is that of "kittiwake push".
  const rows: Setting<unknown>[] = [...Object.values(SETTINGS), ...Object.values(PROJECTION_SETTINGS)];
  const known = [
    'KITTIWAKE_COLDSTART_MARKER',
    'KITTIWAKE_TOKEN',
    ...rows.flatMap(({ variables }) => [...variables]),
  ];
  const unknown = Object.keys(env).filter(name => name.startsWith('KITTIWAKE_') && !known.includes(name));
  return unknown.sort().map(name => {
    const near = nearest(name, known);
    return `Unknown variable ${name}${near === undefined ? '' : `, did you mean ${near}?`}`;
  });
}

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../core/config.ts';

/** Where large files lie while they are worked on. Where there is room: what the system has for temporary files may be memory. */
export function scratchOf({ store }: Pick<Config, 'store'>): string {
  return store.kind === 'file' ? join(store.folder, '~tmp') : tmpdir();
}

import type { Extension } from './extension.ts';

/** Every feature besides CommonMark and GFM. Of two that fit at the same place, the earlier one is taken. */
export const EXTENSIONS: readonly Extension[] = [];
